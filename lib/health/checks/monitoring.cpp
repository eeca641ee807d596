// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "health/checks/checks.hpp"
#include "health/judging.hpp"
#include "health/untold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace health::checks {
namespace {

using config::Config;
using core::Failure;
using core::Judgement;

Judgement judge_prometheus(const facts::Prometheus& server, const Config& /*config*/,
                           core::Time /*now*/) {
    if (!server.ready) {
        auto made = critical("it answers, but says that it is not ready");
        made.failure = Failure::unhealthy;
        return made;
    }
    const auto up = std::ranges::count(server.targets, "up", &facts::ScrapeTarget::health);
    const bool told = !server.problems.targets;
    const auto targets = told ? fmt::format("{} of {} targets up", up, server.targets.size())
                              : std::string{"targets not told"};
    auto made =
        ok(fmt::format("Prometheus {} ready, {}, {}", server.version, targets,
                       server.rules ? core::count_of(*server.rules, "rule") : "rules not told"),
           fmt::format("Prometheus {}", targets));
    for (const auto& odd : server.warnings)
        made.evidence.push_back({"query", odd});
    if (!told) return made;
    made.measured = figure(static_cast<double>(up), "targets");
    made.measured->max = static_cast<double>(server.targets.size());
    return made;
}

using Server = facts::Observed<facts::Prometheus>;

Judged judged(const Server& server, Judgement judgement) {
    return {server.name, server.service, server.target, server.duration, std::move(judgement)};
}

/// Judges a part of its answer that a server did not tell.
Judgement judge_untold_part(const Server& server, std::string_view what,
                            const std::optional<core::Error>& problem) {
    if (problem) return judge_untold(what, *problem);
    if (!server.result->ready) return judge_not_ready(what, "health.prometheus." + server.name);
    return unknown(fmt::format("{} not told", what));
}

/// The targets that one service offers to one scrape job.
struct Offered {
    std::size_t total = 0;
    std::vector<const facts::ScrapeTarget*> down{};
    std::size_t not_scraped = 0;
};

/// Whether a host is a name that may be a service's: no address, and not this machine.
bool names_service(const std::string& host) {
    return !host.empty() && host != "localhost" && host.find_first_of(":[]/") == std::string::npos
           && host.find_first_not_of("0123456789.") != std::string::npos;
}

/// Returns the service that a scrape asks: the host of its URL, else of its instance ("api:8080"),
/// else what its label says, else the job.
std::string service_behind(const facts::ScrapeTarget& target) {
    if (names_service(target.scrape_host)) return target.scrape_host;
    std::string host = target.instance.substr(0, target.instance.rfind(':'));
    if (names_service(host)) return host;
    return target.service.empty() ? target.job : target.service;
}

std::map<std::string, Offered> by_service(const facts::Prometheus& server) {
    std::map<std::string, Offered> services;
    for (const auto& target : server.targets) {
        auto& offered = services[service_behind(target)];
        ++offered.total;
        if (target.health == "down")
            offered.down.push_back(&target);
        else if (target.health != "up")
            ++offered.not_scraped;
    }
    return services;
}

Judgement judge_offered(const Offered& offered) {
    const auto plural = [](std::size_t count) {
        return core::count_of(static_cast<std::int64_t>(count), "target");
    };
    if (offered.down.empty()) {
        if (offered.not_scraped == 0) return ok(fmt::format("{} up", plural(offered.total)));
        return warning(
            fmt::format("{} of {} not scraped yet", offered.not_scraped, plural(offered.total)));
    }
    auto made =
        warning(offered.total == 1 ? std::string{"target down in Prometheus"}
                                   : fmt::format("{} of {} down in Prometheus", offered.down.size(),
                                                 plural(offered.total)));
    made.failure = Failure::reported;
    for (const auto* target : offered.down)
        made.evidence.push_back({"scrape", fmt::format("{} {}: {}", target->job, target->instance,
                                                       target->last_error)});
    return made;
}

std::vector<Judged> judge_scrapes(const facts::Observations& seen, const Config& /*config*/,
                                  const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        const auto& problem = server.result->problems.targets;
        if (server.result->targets.empty() && (problem || !server.result->ready))
            all.push_back(judged(server, judge_untold_part(server, "the targets", problem)));
        for (const auto& [name, offered] : by_service(*server.result)) {
            auto made = judge_offered(offered);
            made.measured = core::Measured{
                .value = std::ssize(offered.down), .unit = "targets", .expected = "0"};
            all.push_back({name, name, server.target, server.duration, std::move(made)});
        }
    }
    return all;
}

Judgement judge_rules(const facts::Prometheus& server, std::int64_t count) {
    if (count == 0) return warning("no rule is loaded: nothing would ever raise an alert");
    const auto rules = core::count_of(count, "rule");
    if (server.rule_errors.empty()) return ok(fmt::format("{} without error", rules));
    auto made =
        warning(fmt::format("{} of {} can't be evaluated", server.rule_errors.size(), rules));
    for (const auto& error : server.rule_errors)
        made.evidence.push_back(
            {"rule", fmt::format("{}/{}: {}", error.group, error.rule, error.error)});
    return made;
}

std::vector<Judged> judge_all_rules(const facts::Observations& seen, const Config& /*config*/,
                                    const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        const auto& facts = *server.result;
        all.push_back(judged(
            server, facts.rules ? judge_rules(facts, *facts.rules)
                                : judge_untold_part(server, "the rules", facts.problems.rules)));
    }
    return all;
}

/// Alerts that always fire on purpose, to prove that the path to the pager works.
bool is_heartbeat(const facts::Alert& alert) {
    const auto name = core::to_lower(alert.name);
    return name == "watchdog" || name.find("deadman") != std::string::npos;
}

/// What an earlier run of ours has sent says nothing new.
bool is_own(const facts::Alert& alert) {
    const auto source = alert.labels.find(std::string{facts::k_source_label});
    return source != alert.labels.end() && source->second == facts::k_own_source;
}

bool is_firing(const facts::Alert& alert) {
    return !alert.silenced && !alert.inhibited && !is_heartbeat(alert) && !is_own(alert);
}

Judgement judge_alertmanager(const facts::Alertmanager& server, const Config& /*config*/,
                             core::Time /*now*/) {
    if (!server.ready) {
        auto made = critical("it answers, but says that it is not ready");
        made.failure = Failure::unhealthy;
        return made;
    }
    const auto firing = std::ranges::count_if(server.alerts, is_firing);
    const auto silenced = std::ranges::count_if(server.alerts, &facts::Alert::silenced);
    std::map<std::string, int> severities;
    for (const auto& alert : server.alerts) {
        if (is_firing(alert)) ++severities[alert.severity.empty() ? "no severity" : alert.severity];
    }
    std::string by_severity;
    for (const auto& [severity, count] : severities)
        by_severity += fmt::format("{}{} {}", by_severity.empty() ? "" : ", ", count, severity);
    const auto firing_text =
        firing == 0 ? std::string{"no alert firing"}
                    : fmt::format("{} firing ({})", core::count_of(firing, "alert"), by_severity);
    const auto text =
        silenced == 0 ? firing_text : fmt::format("{}, {} silenced", firing_text, silenced);
    auto made = ok(fmt::format("Alertmanager {} ready, {}", server.version, text), text);
    made.measured = figure(static_cast<double>(firing), "alerts");
    return made;
}

/// Alerts of one name and component are one finding, however many instances fire.
struct AlertGroup {
    std::vector<const facts::Alert*> alerts{};
};

/// Returns the service that an alert speaks of, as its labels name it.
std::string component_of(const facts::Alert& alert) {
    for (const char* label :
         {"service", "component", "container_label_com_docker_compose_service", "job"}) {
        const auto found = alert.labels.find(label);
        if (found != alert.labels.end() && !found->second.empty()) return found->second;
    }
    return {};
}

bool is_grave(std::string_view severity) {
    const auto word = core::to_lower(severity);
    return word == "critical" || word == "page" || word == "emergency" || word == "error"
           || word == "high";
}

Judgement judge_alerts(const AlertGroup& group) {
    const auto& first = *group.alerts.front();
    const bool grave = std::ranges::any_of(
        group.alerts, [](const auto* alert) { return is_grave(alert->severity); });
    const auto many =
        group.alerts.size() > 1 ? fmt::format(" (×{})", group.alerts.size()) : std::string{};
    const auto summary = first.summary.empty() ? std::string{} : ": " + first.summary;
    const auto message =
        fmt::format("alert {}{} firing{}",
                    first.severity.empty() ? "without severity" : first.severity, many, summary);
    auto made = grave ? critical(message) : warning(message);
    made.failure = Failure::reported;
    for (const auto* alert : group.alerts) {
        if (alert->starts_at && (!made.since || *alert->starts_at < *made.since))
            made.since = alert->starts_at;
    }
    made.measured = figure(static_cast<double>(group.alerts.size()), "alerts");
    return made;
}

std::vector<Judged> judge_all_alerts(const facts::Observations& seen, const Config& /*config*/,
                                     const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (const auto& server : seen.alertmanager) {
        if (!server.result) continue;
        std::map<std::pair<std::string, std::string>, AlertGroup> groups; // name, component
        for (const auto& alert : server.result->alerts) {
            if (is_firing(alert))
                groups[{alert.name, component_of(alert)}].alerts.push_back(&alert);
        }
        for (const auto& [key, group] : groups) {
            const auto subject = key.second.empty() ? key.first : key.first + "." + key.second;
            all.push_back({subject, key.second.empty() ? server.name : key.second, server.target,
                           server.duration, judge_alerts(group)});
        }
    }
    return all;
}

Judgement judge_grafana(const std::string& version, const Config& /*config*/, core::Time /*now*/) {
    return ok(fmt::format("Grafana {}, database ok", version), "Grafana " + version);
}

} // namespace

const Check k_prometheus{
    {.id = "health.prometheus",
     .title = "Prometheus",
     .group = "monitoring",
     .section = "daily/system-health-check",
     .what = "Asks whether Prometheus is ready, and for its targets and rules.",
     .why = "Without it nobody is told when something breaks.",
     .threshold = "Critical when it can't be reached or is not ready.",
     .setting = "prometheus.url",
     .remediation =
         "docker-compose logs --tail=50 prometheus, then docker-compose up -d prometheus",
     .reference = "Prometheus management API"},
    each<&facts::Observations::prometheus, judge_prometheus>};

const Check k_scrape{
    {.id = "health.scrape",
     .title = "Scrape targets",
     .group = "monitoring",
     .section = "daily/system-health-check",
     .what =
         "Lists for each service the targets that Prometheus can't scrape, with the error of the "
         "last try.",
     .why = "What is not scraped raises no alert.",
     .threshold = "Warning when a target of the service is down or was never scraped; unknown "
                  "while Prometheus is not ready.",
     .setting = "prometheus.url",
     .remediation =
         "open Prometheus, Status, Targets; or ask the target itself: curl http://TARGET/metrics",
     .reference = "Prometheus HTTP API, targets"},
    judge_scrapes};

const Check k_rules{
    {.id = "health.rules",
     .title = "Alerting rules",
     .group = "monitoring",
     .section = "daily/system-health-check",
     .what = "Looks for rules that can't be evaluated, and for a server without any rule.",
     .why = "A rule with an error never fires.",
     .threshold = "Warning with any rule error or no rule at all; unknown when the rules are not "
                  "told, skipped for a server that has no page of them.",
     .setting = "prometheus.url",
     .remediation = "promtool check rules FILE",
     .reference = "Prometheus HTTP API, rules"},
    judge_all_rules};

const Check k_alertmanager{
    {.id = "health.alertmanager",
     .title = "Alertmanager",
     .group = "monitoring",
     .section = "daily/system-health-check",
     .what =
         "Asks whether Alertmanager is ready and counts firing and silenced alerts by severity.",
     .why = "Without it alerts reach nobody.",
     .threshold = "Critical when it can't be reached or is not ready.",
     .setting = "alertmanager.url",
     .remediation =
         "docker-compose logs --tail=50 alertmanager, then docker-compose up -d alertmanager",
     .reference = "Alertmanager API v2"},
    each<&facts::Observations::alertmanager, judge_alertmanager>};

const Check k_alert{
    {.id = "health.alert",
     .title = "Firing alert",
     .group = "monitoring",
     .section = "daily/system-health-check",
     .what = "Makes a finding of each alert that fires and is neither silenced nor inhibited. "
             "Alerts that always fire on purpose (Watchdog, dead man's switch) are left out.",
     .why = "An alert is a limit that the team has set itself.",
     .threshold = "Critical for the severities critical, page, emergency, error and high; warning "
                  "for every other.",
     .setting = "alertmanager.url",
     .remediation = "read the alert's runbook; silence it only with a reason and an end",
     .reference = "Alertmanager API v2, alerts"},
    judge_all_alerts};

const Check k_grafana{{.id = "health.grafana",
                       .title = "Grafana",
                       .group = "monitoring",
                       .section = "daily/system-health-check",
                       .what = "Asks Grafana's health page, where one is configured.",
                       .why = "The dashboards are what people look at first in an outage.",
                       .threshold = "Warning when it can't be reached or its database fails.",
                       .setting = "grafana.url",
                       .remediation = "docker-compose logs --tail=50 grafana",
                       .reference = "Grafana HTTP API, health",
                       .when_unreachable = core::Verdict::warning},
                      each<&facts::Observations::grafana, judge_grafana>};

} // namespace health::checks
