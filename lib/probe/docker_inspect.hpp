// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "facts/docker.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// From an Engine's answers to facts: pure. Source of the forms: Docker Engine API, 1.24 to 1.51
// (https://docs.docker.com/reference/api/engine/), and podman's compatible one.

namespace probe {

/// What an Engine says of itself.
struct EngineVersion {
    std::string engine{}; ///< "20.10.24"
    std::string api{};    ///< newest API that it speaks: "1.41"
    std::string least{};  ///< oldest API that it speaks; empty when it did not say
    bool podman = false;
};

/// Reads the answer of /version; nothing when it is not that of an Engine.
[[nodiscard]] std::optional<EngineVersion> parse_engine_version(std::string_view body);

/// Reads what the headers of /_ping (names in lower case) say of an Engine, all but the oldest API
/// that it speaks; nothing when they don't say what it is.
[[nodiscard]] std::optional<EngineVersion>
version_in_headers(const std::map<std::string, std::string>& headers);

/// Chooses the API version to speak: the newest that both sides know. Nothing when the server knows
/// none from 1.24 up.
[[nodiscard]] std::optional<std::string> negotiate_api(const EngineVersion& version);

/// Reads the answer of /containers/json into containers that have only what a list tells. Nothing
/// when it is not a list.
[[nodiscard]] std::optional<std::vector<facts::Container>>
parse_container_list(std::string_view body);

/// What an inspect call tells besides the facts.
struct Inspected {
    facts::Container container{};
    bool tty = false; ///< its log is raw, without frames
};

/// Reads the answer of /containers/ID/json; nothing when it is not that.
[[nodiscard]] std::optional<Inspected> parse_inspect(std::string_view body);

/// Reads the answer of /images/json: each tag and the id that it points to now.
[[nodiscard]] std::map<std::string, std::string> parse_image_tags(std::string_view body);

/// Returns the id that `container.image` points to now by `tags`; empty when the tag is gone.
[[nodiscard]] std::string current_image(const facts::Container& container,
                                        const std::map<std::string, std::string>& tags);

/// One answer of /containers/ID/stats.
struct StatsLook {
    core::Time read{};
    std::uint64_t cpu_ns = 0;
    int online_cpus = 0;
    core::Bytes memory{}; ///< without inactive page cache
    core::Bytes memory_limit{};
    std::uint64_t periods = 0;
    std::uint64_t throttled = 0;
};

/// Reads the answer of /containers/ID/stats; nothing when it has no CPU figures, as for a container
/// that is not running.
[[nodiscard]] std::optional<StatsLook> parse_stats(std::string_view body);

} // namespace probe
