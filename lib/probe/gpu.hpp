// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "facts/gpu.hpp"
#include "probe/prometheus_queries.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// Asks the NVIDIA driver of this host through NVML, whose library is loaded at run time. Blocks as
/// long as the driver does: run it in a thread that may be left behind. Errors: missing when there
/// is no such library or no driver; permission; protocol for any other failure of the driver.
[[nodiscard]] core::Result<facts::Gpus> observe_gpus();

/// Returns the PromQL that asks for what NVIDIA's DCGM exporter measures.
[[nodiscard]] std::string dcgm_query();

/// Returns a GPU's UUID without its kind, in lower case: "GPU-5FD4…" is "5fd4…".
[[nodiscard]] std::string plain_uuid(std::string_view uuid);

/// Puts the samples of that query together, one GPU for each host and index, and one for each slice
/// of a GPU ("node7:0-mig3").
[[nodiscard]] std::vector<facts::Gpu> gpus_of_dcgm(std::span<const Sample> samples);

} // namespace probe
