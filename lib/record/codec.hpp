// SPDX-License-Identifier: MIT
#pragma once

#include "record/recording.hpp"

#include <string>
#include <string_view>

namespace record {

/// The three files of a recording.
struct Files {
    std::string head{};
    std::string config{};
    std::string observations{};
};

inline constexpr std::string_view k_head_file = "recording.json";
inline constexpr std::string_view k_config_file = "config.json";
inline constexpr std::string_view k_observations_file = "observations.json";

/// Returns the recording as JSON. Fields that hold what a new struct holds are left out; numbers
/// beyond the limits that `decode` accepts are brought within them, and bytes that are no UTF-8 are
/// replaced.
[[nodiscard]] Files encode(const Recording& recording);

/// Reads what `encode` wrote. Throws core::ConfigError with the file and the place in it
/// ("observations.json: engines[0].result.value.containers[2].exit_code: …") for anything else:
/// broken JSON, another schema, unknown keys, values of another type, too deep or too large.
[[nodiscard]] Recording decode(const Files& files);

} // namespace record
