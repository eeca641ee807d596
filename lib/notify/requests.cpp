// SPDX-License-Identifier: MIT
#include "notify/requests.hpp"

#include "core/clock.hpp"
#include "core/text.hpp"
#include "core/verdict.hpp"
#include "facts/alertmanager.hpp"
#include "notify/words.hpp"
#include "probe/monitor_request.hpp"
#include "report/json_model.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace notify {
namespace {

using Json = nlohmann::ordered_json;

void set_tls(net::HttpRequest& request, const config::Tls& tls) {
    request.ca_file = tls.ca_file;
    request.cert_file = tls.cert_file;
    request.key_file = tls.key_file;
    request.verify_tls = tls.verify;
}

void set_body(net::HttpRequest& request, const Json& body) {
    request.method = "POST";
    request.content_type = "application/json";
    request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json ids_of(const std::vector<core::Finding>& findings) {
    auto ids = Json::array();
    for (const auto& finding : findings)
        ids.push_back(core::printable(finding.id));
    return ids;
}

bool is_of_alertmanager(const core::Finding& finding) {
    return finding.id.starts_with("health.alert.") || finding.id.starts_with("health.alertmanager");
}

/// The labels make the alert: only with the same ones it can be renewed and ended.
Json labels_of(const report::Report& report, const core::Finding& finding) {
    Json labels{{"alertname", "GalleryOps"},
                {std::string{facts::k_source_label}, std::string{facts::k_own_source}},
                {"check", core::printable(finding.id)},
                {"severity", std::string{core::name(finding.verdict)}},
                {"host", core::printable(report.host)}};
    if (!report.project.empty()) labels["project"] = core::printable(report.project);
    if (!finding.component.empty()) labels["service"] = core::printable(finding.component);
    return labels;
}

Json alert_of(const report::Report& report, const core::Finding& finding, core::Time starts,
              core::Time ends) {
    Json notes{
        {"summary", core::printable(fmt::format("{}: {}", finding.subject, finding.message))}};
    if (!finding.remediation.empty()) notes["next"] = core::printable(finding.remediation);
    if (!finding.owner.empty()) notes["owner"] = core::printable(finding.owner);
    if (!finding.playbook.empty()) notes["playbook"] = core::printable(finding.playbook);
    return {{"labels", labels_of(report, finding)},
            {"annotations", notes},
            {"startsAt", core::format_utc(starts)},
            {"endsAt", core::format_utc(ends)}};
}

} // namespace

net::HttpRequest webhook_request(const config::Webhook& hook, const report::Report& report,
                                 const News& news, const report::RenderOptions& options) {
    net::HttpRequest request;
    request.url = hook.url.reveal();
    request.headers = hook.headers;
    set_tls(request, hook.tls);
    set_body(request, {{"text", words_of(report, news)},
                       {"verdict", std::string{core::name(report::verdict(report))}},
                       {"project", core::printable(report.project)},
                       {"host", core::printable(report.host)},
                       {"fresh", ids_of(news.fresh)},
                       {"over", ids_of(news.over)},
                       {"report", report::to_json(report, options)}});
    return request;
}

net::HttpRequest ping_request(const config::Ping& ping, int exit_code) {
    net::HttpRequest request;
    const bool failed = exit_code != 0 && !ping.fail_url.empty();
    request.url = (failed ? ping.fail_url : ping.url).reveal();
    set_tls(request, ping.tls);
    return request;
}

net::HttpRequest alerts_request(const config::Monitor& server, const report::Report& report,
                                const News& news, core::Duration keep) {
    auto alerts = Json::array();
    const auto add = [&](const std::vector<core::Finding>& findings, core::Time ends) {
        for (const auto& finding : findings) {
            if (is_of_alertmanager(finding)) continue;
            const auto starts = finding.since.value_or(report.started_at);
            alerts.push_back(alert_of(report, finding, starts, ends));
        }
    };
    add(news.problems, report.started_at + keep);
    add(news.standing, report.started_at + keep);
    // The verdict is a label: with another one it is another alert.
    add(news.over, report.started_at);
    add(news.replaced, report.started_at);
    auto request = probe::monitor_request(server, "/api/v2/alerts");
    set_body(request, alerts);
    return request;
}

} // namespace notify
