// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "health/checks/checks.hpp"
#include "health/judging.hpp"
#include "health/untold.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace health::checks {
namespace {

using config::Config;
using core::Judgement;
using facts::Gpu;

/// Where a card does not say from which temperature it clocks down.
constexpr int k_usual_slowdown = 90;
/// So many degrees before that it is a warning.
constexpr int k_margin = 3;

std::string figures(const Gpu& gpu) {
    std::vector<std::string> parts;
    if (gpu.busy)
        parts.push_back(
            fmt::format("{} busy", core::format_percent(core::Percent{*gpu.busy * 100})));
    if (gpu.memory_total.count > 0)
        parts.push_back(core::format_bytes_of(gpu.memory_used, gpu.memory_total));
    if (gpu.temperature) parts.push_back(fmt::format("{} °C", *gpu.temperature));
    if (gpu.uncorrected_ecc)
        parts.push_back(core::count_of(static_cast<std::int64_t>(*gpu.uncorrected_ecc),
                                       "uncorrected ECC error"));
    return parts.empty() ? "it answers, and tells no figure" : core::join(parts, " · ");
}

Judgement graver(Judgement judged, std::string_view figures, const Gpu& gpu) {
    judged.message += fmt::format(" ({})", figures);
    if (!gpu.name.empty()) judged.evidence.push_back({"gpu", core::printable(gpu.name)});
    return judged;
}

Judgement judge_gpu(const Gpu& gpu, const config::Thresholds& limits) {
    const auto seen = figures(gpu);
    if (!gpu.problem.empty())
        return critical(fmt::format("the driver can't reach it: {}", core::printable(gpu.problem)));
    if (gpu.uncorrected_ecc.value_or(0) > 0)
        return graver(warning("its memory had errors that could not be corrected"), seen, gpu);
    if (gpu.last_xid.value_or(0) > 0)
        return graver(warning(fmt::format("the driver reports error Xid {}", *gpu.last_xid)), seen,
                      gpu);
    const int slowdown = gpu.slowdown_temperature.value_or(k_usual_slowdown);
    if (gpu.thermal_slowdown)
        return graver(warning("it clocks down, because it is too hot"), seen, gpu);
    if (gpu.temperature && *gpu.temperature >= slowdown - k_margin)
        return graver(
            warning(fmt::format("{} °C: it clocks down from {} °C on", *gpu.temperature, slowdown)),
            seen, gpu);
    const auto share = share_of(static_cast<double>(gpu.memory_used.count),
                                static_cast<double>(gpu.memory_total.count));
    auto made = share >= limits.gpu_memory
                    ? graver(warning(fmt::format("its memory is full: {} (limit {})",
                                                 core::format_percent(share),
                                                 core::format_percent(limits.gpu_memory))),
                             seen, gpu)
                    : ok(seen, fmt::format("GPU {} {}", gpu.id, seen));
    if (gpu.busy) {
        made.measured = figure(*gpu.busy * 100, "%");
        made.measured->max = 100;
    }
    return made;
}

/// The service that uses the GPUs: the one whose name speaks of it.
std::string gan_service(const facts::Observations& seen) {
    for (const auto& engine : seen.engines) {
        if (!engine.result) continue;
        for (const auto& container : engine.result->containers)
            if (container.service.starts_with("gan")) return container.service;
    }
    return "gan-service";
}

/// Whether a GPU that Prometheus tells of is one that this host's driver told of.
bool is_told_here(const Gpu& gpu, const facts::Observations& seen) {
    const bool named = !seen.host.empty() && seen.host.front().result;
    const auto host = named ? seen.host.front().result->name : std::string{};
    const auto is_it = [&](const Gpu& own) {
        if (!own.uuid.empty() && !gpu.uuid.empty()) return own.uuid == gpu.uuid;
        return gpu.id == own.id || gpu.id == fmt::format("{}:{}", host, own.id);
    };
    return std::ranges::any_of(seen.gpus, [&](const auto& local) {
        return local.result && std::ranges::any_of(local.result->all, is_it);
    });
}

/// Adds the GPUs of this host, and the error of a driver that is there and does not answer.
void judge_local(std::vector<Judged>& all, const facts::Observations& seen,
                 const std::string& service, const Config& config, const core::CheckSpec& spec) {
    for (const auto& local : seen.gpus) {
        if (!local.result) {
            if (local.result.error().kind != core::ErrorKind::missing)
                all.push_back({"gpu", service, local.target, local.duration,
                               judge_error(local.result.error(), spec)});
            continue;
        }
        for (const auto& gpu : local.result->all)
            all.push_back({gpu.id, service, local.result->source, local.duration,
                           judge_gpu(gpu, config.thresholds)});
    }
}

/// Adds the GPUs that a DCGM exporter tells Prometheus of: those of other hosts, as a rule.
void judge_exported(std::vector<Judged>& all, const facts::Observations& seen,
                    const std::string& service, const Config& config) {
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        for (const auto& gpu : server.result->gpus) {
            if (is_told_here(gpu, seen)) continue;
            all.push_back(
                {gpu.id, service, "DCGM in Prometheus", {}, judge_gpu(gpu, config.thresholds)});
        }
        if (server.result->problems.gpus)
            all.push_back({"dcgm", service, server.target, server.duration,
                           judge_untold("the GPUs of DCGM", *server.result->problems.gpus)});
    }
}

std::vector<Judged> judge_gpus(const facts::Observations& seen, const Config& config,
                               const core::CheckSpec& spec) {
    std::vector<Judged> all;
    const auto service = gan_service(seen);
    judge_local(all, seen, service, config, spec);
    judge_exported(all, seen, service, config);
    if (!all.empty() || seen.gpus.empty()) return all;
    const auto& local = seen.gpus.front();
    const auto reason =
        local.result ? "the NVIDIA driver knows no GPU" : local.result.error().reason;
    return {{"gpu", service, local.target, local.duration,
             skipped(fmt::format("{}, and Prometheus holds no metrics of DCGM", reason))}};
}

} // namespace

const Check k_gpu{
    {.id = "health.gpu",
     .title = "GPU",
     .group = "gan",
     .section = "component/gan-service",
     .what =
         "Asks the NVIDIA driver of this host through NVML, and takes of other GPUs what a DCGM "
         "exporter tells Prometheus: utilisation, memory, temperature, ECC errors, the driver's "
         "last error.",
     .why = "A GPU that is lost, hot or full is why pictures take a minute, or never come.",
     .threshold =
         "Critical when the driver can't reach it; warning for uncorrected ECC errors, an "
         "Xid error, heat (3 °C before it clocks down), or memory from 98 %. How busy it is "
         "is shown and not judged: work is what it is for.",
     .setting = "thresholds.gpu_memory",
     .remediation =
         "nvidia-smi -q; dmesg | grep -i xid; a card with uncorrected errors needs a reset "
         "or a replacement",
     .reference = "NVML API reference; DCGM field identifiers; NVIDIA Xid errors",
     .when_unreachable = core::Verdict::unknown},
    judge_gpus};

} // namespace health::checks
