// SPDX-License-Identifier: MIT
#include "probe/gpu.hpp"

#include <cmath>
#include <map>

// The metrics of NVIDIA's DCGM exporter (docs.nvidia.com/datacenter/dcgm, field identifiers):
// DCGM_FI_DEV_GPU_UTIL in percent, …_FB_USED and …_FB_FREE in MiB, …_GPU_TEMP and …_SLOWDOWN_TEMP
// in °C, …_ECC_DBE_VOL_TOTAL and …_XID_ERRORS as numbers.

namespace probe {
namespace {

constexpr double k_mib = 1024.0 * 1024.0;

std::string id_of(const Sample& sample) {
    const auto host = sample.label("Hostname");
    const auto index = sample.label("gpu");
    return host.empty() ? index : host + ":" + index;
}

void take(facts::Gpu& gpu, const std::string& metric, double value) {
    const auto whole = [value] { return static_cast<std::uint64_t>(value); };
    const auto bytes = [value] { return static_cast<std::uint64_t>(value * k_mib); };
    if (metric == "DCGM_FI_DEV_GPU_UTIL") gpu.busy = value / 100;
    if (metric == "DCGM_FI_DEV_FB_USED") {
        gpu.memory_used = core::Bytes{bytes()};
        gpu.memory_total.count += bytes();
    }
    if (metric == "DCGM_FI_DEV_FB_FREE") gpu.memory_total.count += bytes();
    if (metric == "DCGM_FI_DEV_GPU_TEMP") gpu.temperature = static_cast<int>(value);
    if (metric == "DCGM_FI_DEV_SLOWDOWN_TEMP") gpu.slowdown_temperature = static_cast<int>(value);
    if (metric == "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL") gpu.uncorrected_ecc = whole();
    if (metric == "DCGM_FI_DEV_XID_ERRORS") gpu.last_xid = whole();
}

} // namespace

std::string dcgm_query() {
    return "{__name__=~\"DCGM_FI_DEV_(GPU_UTIL|FB_USED|FB_FREE|GPU_TEMP|SLOWDOWN_TEMP|"
           "ECC_DBE_VOL_TOTAL|XID_ERRORS)\"}";
}

std::vector<facts::Gpu> gpus_of_dcgm(std::span<const Sample> samples) {
    std::map<std::string, facts::Gpu> gpus;
    for (const auto& sample : samples) {
        // A figure that is no count, or beyond any device's, is none.
        if (!std::isfinite(sample.value) || sample.value < 0 || sample.value > 1e12) continue;
        if (sample.label("gpu").empty()) continue;
        auto& gpu = gpus[id_of(sample)];
        gpu.id = id_of(sample);
        gpu.name = sample.label("modelName");
        take(gpu, sample.label("__name__"), sample.value);
    }
    std::vector<facts::Gpu> all;
    for (auto& [id, gpu] : gpus)
        all.push_back(std::move(gpu));
    return all;
}

} // namespace probe
