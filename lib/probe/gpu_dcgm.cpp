// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "probe/gpu.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

// The metrics of NVIDIA's DCGM exporter (docs.nvidia.com/datacenter/dcgm, field identifiers):
// DCGM_FI_DEV_GPU_UTIL in percent, …_FB_USED and …_FB_FREE in MiB, …_GPU_TEMP and …_SLOWDOWN_TEMP
// in °C, …_ECC_DBE_VOL_TOTAL and …_XID_ERRORS as numbers. One figure of one GPU may come several
// times: from two scrape jobs, or once for each pod that shares the GPU. The gravest counts.

namespace probe {
namespace {

constexpr double k_mib = 1024.0 * 1024.0;
constexpr double k_most_memory = 1e9;   // MiB
constexpr double k_hottest = 1000;      // °C
constexpr double k_most_busy = 100;     // percent
constexpr double k_most_counted = 1e12; // errors

/// A GPU, and its memory as far as it was told.
struct Seen {
    facts::Gpu gpu{};
    std::optional<double> used{}; ///< MiB
    std::optional<double> free{}; ///< MiB
};

/// Whether a figure can be one of a device: anything else is none.
bool is_sane(const std::string& metric, double value) {
    if (!std::isfinite(value) || value < 0) return false;
    if (metric.ends_with("_TEMP")) return value <= k_hottest;
    if (metric.ends_with("_GPU_UTIL")) return value <= k_most_busy;
    if (metric.ends_with("_FB_USED") || metric.ends_with("_FB_FREE")) return value <= k_most_memory;
    return value <= k_most_counted;
}

/// A slice of a GPU (MIG) has a memory of its own, and is one of its own.
std::string id_of(const Sample& sample) {
    const auto host = sample.label("Hostname");
    const auto slice = sample.label("GPU_I_ID");
    auto id = sample.label("gpu");
    if (!host.empty()) id = fmt::format("{}:{}", host, id);
    return slice.empty() ? id : fmt::format("{}-mig{}", id, slice);
}

/// A slice is told with the UUID of its GPU.
std::string uuid_of(const Sample& sample) {
    const auto uuid = plain_uuid(sample.label("UUID"));
    const auto slice = sample.label("GPU_I_ID");
    return slice.empty() ? uuid : fmt::format("{}-mig{}", uuid, slice);
}

template <class Number>
void keep_largest(std::optional<Number>& kept, double value) {
    const auto number = static_cast<Number>(value);
    kept = std::max(kept.value_or(number), number);
}

template <class Number>
void keep_least(std::optional<Number>& kept, double value) {
    const auto number = static_cast<Number>(value);
    kept = std::min(kept.value_or(number), number);
}

void take(Seen& seen, const std::string& metric, double value) {
    auto& gpu = seen.gpu;
    if (metric == "DCGM_FI_DEV_GPU_UTIL") keep_largest(gpu.busy, value / 100);
    // Used and free always make the whole: where the most is used, the least is free.
    if (metric == "DCGM_FI_DEV_FB_USED") keep_largest(seen.used, value);
    if (metric == "DCGM_FI_DEV_FB_FREE") keep_least(seen.free, value);
    if (metric == "DCGM_FI_DEV_GPU_TEMP") keep_largest(gpu.temperature, value);
    if (metric == "DCGM_FI_DEV_SLOWDOWN_TEMP") keep_least(gpu.slowdown_temperature, value);
    if (metric == "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL") keep_largest(gpu.uncorrected_ecc, value);
    if (metric == "DCGM_FI_DEV_XID_ERRORS") keep_largest(gpu.last_xid, value);
}

facts::Gpu finished(Seen seen) {
    const auto bytes = [](double mib) { return static_cast<std::uint64_t>(mib * k_mib); };
    if (seen.used && seen.free) {
        seen.gpu.memory_used = core::Bytes{bytes(*seen.used)};
        seen.gpu.memory_total = core::Bytes{bytes(*seen.used) + bytes(*seen.free)};
    }
    return std::move(seen.gpu);
}

} // namespace

std::string plain_uuid(std::string_view uuid) {
    auto plain = core::to_lower(uuid);
    return plain.starts_with("gpu-") ? plain.substr(4) : plain;
}

std::string dcgm_query() {
    return "{__name__=~\"DCGM_FI_DEV_(GPU_UTIL|FB_USED|FB_FREE|GPU_TEMP|SLOWDOWN_TEMP|"
           "ECC_DBE_VOL_TOTAL|XID_ERRORS)\"}";
}

std::vector<facts::Gpu> gpus_of_dcgm(std::span<const Sample> samples) {
    std::map<std::pair<std::string, std::string>, Seen> gpus; // id, UUID
    std::map<std::string, int> devices;                       // id → how many have it
    for (const auto& sample : samples) {
        const auto metric = sample.label("__name__");
        if (!is_sane(metric, sample.value) || sample.label("gpu").empty()) continue;
        const auto [place, fresh] = gpus.try_emplace({id_of(sample), uuid_of(sample)});
        auto& [key, seen] = *place;
        if (fresh) ++devices[key.first];
        seen.gpu.name = sample.label("modelName");
        take(seen, metric, sample.value);
    }
    std::vector<facts::Gpu> all;
    for (auto& [key, seen] : gpus) {
        const auto& [id, uuid] = key;
        // An exporter that hides its host's name gives the GPUs of several hosts one index.
        const bool shared = devices.at(id) > 1 && !uuid.empty();
        seen.gpu.id = shared ? fmt::format("{}-{}", id, uuid.substr(0, 8)) : id;
        seen.gpu.uuid = uuid;
        all.push_back(finished(std::move(seen)));
    }
    return all;
}

} // namespace probe
