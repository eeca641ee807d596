// SPDX-License-Identifier: MIT
#include "probe/monitoring.hpp"

#include "core/text.hpp"
#include "probe/answer.hpp"
#include "probe/monitor_request.hpp"

#include <fmt/format.h>

#include <array>

// Alertmanager (API v2: api/v2/openapi.yaml of its source) and Grafana (HTTP API, "Health").
// Prometheus has a file of its own: monitoring_prometheus.cpp.

namespace probe {
namespace {

core::Result<std::map<std::string, std::string>> texts(const JsonView& object,
                                                       const std::string& name) {
    std::map<std::string, std::string> all;
    if (!object.has(name)) return all;
    TRY_ASSIGN(const auto member, object.at(name));
    TRY_ASSIGN(const auto members, member.members());
    for (const auto& [key, value] : members) {
        TRY_ASSIGN(all[key], value.text());
    }
    return all;
}

core::Result<bool> any_in(const JsonView& status, const std::string& name) {
    if (!status.has(name)) return false;
    TRY_ASSIGN(const auto list, status.items(name));
    return !list.empty();
}

std::string text_in(const std::map<std::string, std::string>& all, const std::string& key) {
    const auto found = all.find(key);
    return found == all.end() ? std::string{} : found->second;
}

core::Result<facts::Alert> read_alert(const JsonView& item) {
    facts::Alert alert;
    TRY_ASSIGN(alert.labels, texts(item, "labels"));
    alert.name = text_in(alert.labels, "alertname");
    alert.severity = text_in(alert.labels, "severity");
    TRY_ASSIGN(const auto notes, texts(item, "annotations"));
    for (const auto* key : {"summary", "description", "message"}) {
        if (alert.summary.empty()) alert.summary = text_in(notes, key);
    }
    TRY_ASSIGN(const auto status, item.at("status"));
    TRY_ASSIGN(alert.state, status.text("state"));
    TRY_ASSIGN(alert.silenced, any_in(status, "silencedBy"));
    TRY_ASSIGN(alert.inhibited, any_in(status, "inhibitedBy"));
    TRY_ASSIGN(const auto starts, item.text_or_empty("startsAt"));
    alert.starts_at = core::parse_rfc3339(starts);
    return alert;
}

core::Result<void> read_status(const JsonView& status, facts::Alertmanager& facts) {
    TRY_ASSIGN(const auto version, status.at("versionInfo"));
    TRY_ASSIGN(facts.version, version.text("version"));
    TRY_ASSIGN(const auto cluster, status.at("cluster"));
    TRY_ASSIGN(facts.cluster_status, cluster.text("status"));
    return {};
}

} // namespace

core::Result<facts::Alertmanager>
observe_alertmanager(const config::Monitor& target, core::Deadline deadline, std::stop_token stop) {
    const std::array<net::HttpRequest, 3> requests{
        monitor_request(target, "/-/ready"), monitor_request(target, "/api/v2/status"),
        monitor_request(target, "/api/v2/alerts?active=true&silenced=true&inhibited=true"
                                "&unprocessed=true")};
    const auto answers = net::fetch_all(requests, deadline, std::move(stop));
    const std::string where = shown_address(target.url);
    facts::Alertmanager facts;
    facts.ready = answers[0] && answers[0]->status == 200;
    auto told = json_answer(answers[1], {"asking Alertmanager for its status", where});
    if (!told) {
        auto error = std::move(told).error();
        if (error.kind == core::ErrorKind::missing)
            error.hint = "Alertmanager 0.16 and later can be asked; does alertmanager.url hold the"
                         " path of --web.external-url?";
        return std::unexpected(std::move(error));
    }
    const auto& status = *told;
    TRY(read_status(status, facts));
    TRY_ASSIGN(const auto alerts,
               json_answer(answers[2], {"asking Alertmanager for its alerts", where}));
    TRY_ASSIGN(const auto items, alerts.items());
    for (const auto& item : items) {
        TRY_ASSIGN(auto alert, read_alert(item));
        facts.alerts.push_back(std::move(alert));
    }
    return facts;
}

core::Result<std::string> observe_grafana(const config::Monitor& target, core::Deadline deadline,
                                          std::stop_token stop) {
    const Asked asked{"asking Grafana for its health", shown_address(target.url)};
    const auto answer =
        net::fetch(monitor_request(target, "/api/health"), deadline, std::move(stop));
    // A Grafana that is not well answers 503 with the same JSON (its pkg/api/http_server.go).
    if (answer && answer->status == 503) {
        const auto health = JsonView::parse(answer->body, asked);
        if (health && health->has("database")) {
            TRY_ASSIGN(const auto state, health->text("database"));
            return std::unexpected(
                answer_error(asked, core::ErrorKind::protocol,
                             fmt::format("its database is '{}' (HTTP 503)", core::printable(state)),
                             "look at Grafana's log"));
        }
    }
    TRY_ASSIGN(const auto health, json_answer(answer, asked));
    TRY_ASSIGN(const auto database, health.text("database"));
    if (database != "ok") {
        return std::unexpected(
            answer_error(asked, core::ErrorKind::protocol,
                         fmt::format("its database is '{}'", core::printable(database)),
                         "look at Grafana's log"));
    }
    // Grafana may hide its version from visitors (auth.anonymous.hide_version).
    return health.text_or_empty("version");
}

} // namespace probe
