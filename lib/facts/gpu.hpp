// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace facts {

/// One GPU. What its driver does not tell (a MIG slice has no utilisation, a consumer card no ECC)
/// stays empty.
struct Gpu {
    std::string id{};   ///< index on its host; with the host where Prometheus tells: "node7:0"
    std::string name{}; ///< "NVIDIA H100 80GB HBM3"
    std::string uuid{}; ///< "5fd4f7e1-7fab-…", lower case; empty: not told
    std::optional<double> busy{}; ///< 0…1, share of the last sampling period with a kernel running
    core::Bytes memory_used{};
    core::Bytes memory_total{};                     ///< 0: not told
    std::optional<int> temperature{};               ///< °C
    std::optional<int> slowdown_temperature{};      ///< °C from which it clocks down
    bool thermal_slowdown = false;                  ///< it clocks down for heat now
    std::optional<std::uint64_t> uncorrected_ecc{}; ///< since the driver was loaded
    std::optional<std::uint64_t> last_xid{};        ///< the driver's last error code, 0 for none
    std::string problem{};                          ///< it can't be asked: lost, needs a reset

    bool operator==(const Gpu&) const = default;
};

/// The GPUs that one source tells of.
struct Gpus {
    std::string source{}; ///< "NVML, driver 535.104"
    std::vector<Gpu> all{};

    bool operator==(const Gpus&) const = default;
};

} // namespace facts
