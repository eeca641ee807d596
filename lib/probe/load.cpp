// SPDX-License-Identifier: MIT
#include "probe/load.hpp"

#include "probe/docker.hpp"
#include "probe/docker_usage.hpp"
#include "probe/host.hpp"
#include "probe/reach.hpp"

#include <algorithm>
#include <system_error>

namespace probe {
namespace {

/// Long enough to see past a burst, short enough to wait for.
constexpr std::chrono::milliseconds k_longer_window{2000};

bool is_peak(const facts::Container& container, double limit) {
    return container.usage && container.usage->cpu_limit_cores > 0
           && container.usage->window < k_longer_window
           && container.usage->cpu_cores / container.usage->cpu_limit_cores * 100 >= limit;
}

bool shows_peak(const facts::Observations& seen, double limit) {
    const auto busy_host = [&](const auto& host) {
        return host.result && host.result->window < k_longer_window
               && host.result->cpu_busy * 100 >= limit;
    };
    const auto busy_engine = [&](const auto& engine) {
        return engine.result
               && std::ranges::any_of(engine.result->containers,
                                      [&](const auto& one) { return is_peak(one, limit); });
    };
    return std::ranges::any_of(seen.host, busy_host)
           || std::ranges::any_of(seen.engines, busy_engine);
}

} // namespace

Pending<facts::Host> start_host(const Looks& looks, core::Deadline deadline,
                                const std::stop_token& stop) {
    return begin<facts::Host>("host", "host", "/proc", [looks, deadline, stop] {
        return observe_host(looks.window, deadline, stop, {}, looks.earlier.get());
    });
}

Usages start_usages(const facts::Observations& seen, const config::Config& config,
                    const Looks& looks, core::Deadline deadline, const std::stop_token& stop) {
    Usages usages;
    for (std::size_t i = 0; i < seen.engines.size(); ++i) {
        usages.emplace_back();
        if (!seen.engines[i].result) continue;
        try {
            usages.back() = start<facts::Docker>([engine = *seen.engines[i].result,
                                                  host = config.docker.hosts[i], looks, deadline,
                                                  stop]() mutable {
                observe_reach(engine, deadline, stop);
                observe_usage(engine, host, looks.window, deadline, stop, looks.earlier.get());
                return engine;
            });
        } catch (const std::system_error&) {
            usages.back().reset(); // finish_usages says so of the containers
        }
    }
    return usages;
}

void finish_usages(facts::Observations& seen, Usages& usages, core::Deadline deadline,
                   const std::stop_token& stop) {
    for (std::size_t i = 0; i < usages.size(); ++i) {
        auto& result = seen.engines[i].result;
        if (!result) continue;
        if (!usages[i]) {
            explain_missing(*result, "no thread could be started for it: look at ulimit -u");
        } else if (!came(*usages[i], deadline, stop)) {
            explain_missing(*result, stop.stop_requested() ? "interrupted" : "no answer in time");
        } else if (auto engine = taken(*usages[i])) {
            result = *std::move(engine);
        } else {
            explain_missing(*result, core::brief(engine.error()));
        }
    }
}

std::optional<LongerLook> look_longer_at_peaks(const facts::Observations& seen,
                                               const config::Config& config,
                                               core::Deadline deadline,
                                               const std::stop_token& stop) {
    const bool time_left = deadline.remaining() > k_longer_window + std::chrono::milliseconds{100};
    if (!time_left || stop.stop_requested() || !shows_peak(seen, config.thresholds.cpu.value))
        return std::nullopt;
    return LongerLook{.host = start_host({k_longer_window}, deadline, stop),
                      .usages = start_usages(seen, config, {k_longer_window}, deadline, stop),
                      .deadline = deadline};
}

void finish_longer_look(facts::Observations& seen, std::optional<LongerLook>& look,
                        const std::stop_token& stop) {
    if (!look) return;
    auto again = finish(look->host, look->deadline, stop);
    if (again.result) seen.host = {std::move(again)};
    finish_usages(seen, look->usages, look->deadline, stop);
}

} // namespace probe
