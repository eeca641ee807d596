// SPDX-License-Identifier: MIT
#include "probe/access_log.hpp"

#include "core/text.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "probe/access_line.hpp"
#include "probe/docker_api.hpp"
#include "probe/docker_logs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace probe {
namespace {

constexpr std::size_t k_most_lines = 20000;
constexpr std::size_t k_most_logged = std::size_t{8} << 20;
/// So many lines fit, whatever they hold: an Engine keeps at most 16 KiB as one.
constexpr std::size_t k_few_lines = 400;

net::HttpRequest log_request(const EngineAddress& address, const std::string& api,
                             const facts::Container& container, core::Time since,
                             std::size_t lines) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(since.time_since_epoch()).count();
    auto request =
        address.get(fmt::format("/v{}/containers/{}/logs?stdout=1&stderr=1&since={}&tail={}", api,
                                net::percent_encode(container.id), seconds, lines));
    request.max_body = k_most_logged;
    request.truncate_body = true;
    return request;
}

core::Error unreadable(const facts::Container& container, const facts::Http& answer) {
    core::Error error;
    error.kind = answer.status == 501 ? core::ErrorKind::missing : core::ErrorKind::protocol;
    error.phase = core::Phase::query;
    error.what = "read the access log";
    error.where = container.name;
    error.reason = answer.status == 501 ? fmt::format("log driver '{}' can't be read",
                                                      core::printable(container.log_driver))
                                        : fmt::format("the Engine answers HTTP {}", answer.status);
    error.hint = "use the json-file or local driver, or let Prometheus count the requests";
    return error;
}

core::Error too_long(const facts::Container& container) {
    core::Error error;
    error.kind = core::ErrorKind::too_large;
    error.phase = core::Phase::body;
    error.what = "read the access log";
    error.where = container.name;
    error.reason = fmt::format("its newest {} lines are longer than {} MiB", k_few_lines,
                               k_most_logged >> 20U);
    error.hint = "let Prometheus count the requests";
    return error;
}

facts::AccessLog count(std::string_view body) {
    facts::AccessLog log;
    // The log of a container with a terminal is raw text, which is told from frames by its bytes.
    const auto lines = each_log_line(body, LogForm::frames, [&](std::string_view line) {
        const auto status = answered_status(line);
        if (!status) return;
        ++log.requests;
        if (*status >= 500) ++log.errors;
        if (*status == 502 || *status == 504) ++log.gateway;
    });
    log.lines = static_cast<std::int64_t>(lines);
    return log;
}

/// Returns how many of the newest lines to ask for when of `asked` lines only the oldest `read` had
/// room.
std::size_t fewer_lines(std::size_t asked, std::int64_t read) {
    const auto likely = static_cast<std::size_t>(read) / 4 * 3;
    return asked < k_most_lines ? k_few_lines : std::clamp(likely, k_few_lines, k_most_lines - 1);
}

std::set<std::string> services_with_endpoint(const config::Config& config) {
    std::set<std::string> services;
    for (const auto& endpoint : config.endpoints)
        if (!endpoint.service.empty()) services.insert(endpoint.service);
    return services;
}

} // namespace

core::Result<facts::AccessLog>
observe_access_log(const config::DockerHost& host, const std::string& api,
                   const facts::Container& container, core::Time now, std::chrono::seconds window,
                   core::Deadline deadline,
                   // NOLINTNEXTLINE(performance-unnecessary-value-param): every probe takes it so
                   std::stop_token stop) {
    TRY_ASSIGN(const auto address, parse_docker_url(host));
    auto asked = k_most_lines;
    while (true) {
        const auto answer =
            net::fetch(log_request(address, api, container, now - window, asked), deadline, stop);
        if (!answer) return std::unexpected(address.explain(answer.error()));
        if (answer->status != 200) return std::unexpected(unreadable(container, *answer));
        auto log = count(answer->body);
        log.window = window;
        log.cut = asked < k_most_lines || log.lines >= static_cast<std::int64_t>(asked);
        if (answer->body.size() < k_most_logged) return log;
        if (asked == k_few_lines) return std::unexpected(too_long(container));
        asked = fewer_lines(asked, log.lines);
    }
}

bool knows_error_rates(const facts::Observations& seen) {
    return std::ranges::any_of(seen.prometheus, [](const auto& server) {
        return server.result && !server.result->error_rates.empty();
    });
}

std::vector<Pending<facts::AccessLog>> begin_access_logs(const facts::Observations& seen,
                                                         const config::Config& config,
                                                         core::Deadline deadline,
                                                         const std::stop_token& stop) {
    if (knows_error_rates(seen)) return {};
    const auto services = services_with_endpoint(config);
    const auto window = std::chrono::duration_cast<std::chrono::seconds>(
        config.prometheus ? config.prometheus->window : config::Prometheus{}.window);
    std::vector<Pending<facts::AccessLog>> pending;
    for (std::size_t i = 0; i < seen.engines.size() && i < config.docker.hosts.size(); ++i) {
        if (!seen.engines[i].result) continue;
        const auto& engine = *seen.engines[i].result;
        for (const auto& container : engine.containers) {
            if (!services.contains(container.service)
                || container.state != facts::ContainerState::running)
                continue;
            pending.push_back(begin<facts::AccessLog>(
                container.name, container.service, seen.engines[i].target,
                [host = config.docker.hosts[i], api = engine.api_version, container, now = seen.now,
                 window, deadline, stop] {
                    return observe_access_log(host, api, container, now, window, deadline, stop);
                }));
        }
    }
    return pending;
}

} // namespace probe
