// SPDX-License-Identifier: MIT
#include "probe/container_logs.hpp"

#include "core/text.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "probe/docker_api.hpp"

#include <fmt/format.h>

namespace probe {
namespace {

constexpr std::size_t k_open_at_once = 8;

std::int64_t seconds_of(core::Time time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string path_of(const facts::Container& container, const std::string& api,
                    const LogWindow& window) {
    auto path = fmt::format("/v{}/containers/{}/logs?stdout=1&stderr=1&timestamps=1", api,
                            net::percent_encode(container.id));
    if (window.since) path += fmt::format("&since={}", seconds_of(*window.since));
    // The Engine leaves out what was logged in that second itself.
    if (window.until) path += fmt::format("&until={}", seconds_of(*window.until) + 1);
    if (window.tail) path += fmt::format("&tail={}", *window.tail);
    if (window.follow) path += "&follow=1";
    return path;
}

core::Error refused(const facts::Container& container, int status) {
    core::Error error;
    error.kind = status == 501 ? core::ErrorKind::missing : core::ErrorKind::protocol;
    error.phase = core::Phase::query;
    error.what = "read the log";
    error.where = container.name;
    error.reason = status == 501 ? fmt::format("log driver '{}' can't be read",
                                               core::printable(container.log_driver))
                                 : fmt::format("the Engine answers HTTP {}", status);
    error.hint = "use the json-file or local driver";
    return error;
}

} // namespace

std::vector<core::Result<void>>
read_container_logs(const config::DockerHost& host, const std::string& api,
                    std::span<const ContainerLog> logs, const LogWindow& window,
                    core::Deadline deadline, const std::stop_token& stop) {
    const auto address = parse_docker_url(host);
    if (!address) return {logs.size(), std::unexpected(address.error())};
    std::vector<net::HttpRequest> requests;
    for (const auto& log : logs) {
        requests.push_back(address->get(path_of(*log.container, api, window)));
        requests.back().take_body = log.take;
    }
    const auto answers = net::fetch_all(requests, deadline, stop, k_open_at_once);
    std::vector<core::Result<void>> results;
    for (std::size_t i = 0; i < logs.size(); ++i) {
        if (!answers[i])
            results.emplace_back(std::unexpected(address->explain(answers[i].error())));
        else if (answers[i]->status != 200)
            results.emplace_back(std::unexpected(refused(*logs[i].container, answers[i]->status)));
        else
            results.emplace_back();
    }
    return results;
}

} // namespace probe
