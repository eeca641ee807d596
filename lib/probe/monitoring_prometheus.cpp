// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "net/url.hpp"
#include "probe/answer.hpp"
#include "probe/gpu.hpp"
#include "probe/monitor_request.hpp"
#include "probe/monitoring.hpp"
#include "probe/prometheus_queries.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>

// Prometheus HTTP API v1 (prometheus.io/docs/prometheus/latest/querying/api). Two rounds of
// requests, each side by side: first what the server says of itself and which of the well-known
// metrics it has, then the rates of those.

namespace probe {
namespace {

/// What one observation carries from step to step.
struct PrometheusSession {
    const config::Prometheus& target;
    core::Deadline deadline;
    std::stop_token stop;
    std::string where{};
    facts::Prometheus facts{};

    [[nodiscard]] net::HttpRequest query(const std::string& expression) const {
        return monitor_request(target, "/api/v1/query?query=" + net::percent_encode(expression));
    }

    [[nodiscard]] Asked asked(std::string_view what) const {
        return {fmt::format("asking Prometheus for {}", what), where};
    }
};

using Samples = core::Result<std::vector<Sample>>;

/// Says which key of the configuration holds the query that failed.
core::Error with_key(core::Error error, std::string_view key) {
    if (error.kind == core::ErrorKind::protocol)
        error.hint = fmt::format("correct {}; Prometheus, Graph shows what it gives", key);
    return error;
}

/// Returns the part "data" of an answer of the API, whose "status" must be "success".
core::Result<JsonView> api_data(const core::Result<facts::Http>& answer, const Asked& asked) {
    // An error of the API comes with status 4xx or 5xx and JSON that says more than the status.
    if (answer && answer->status >= 400 && answer->status != 401 && answer->status != 403) {
        const auto body = JsonView::parse(answer->body, asked);
        if (body && body->has("error")) {
            TRY_ASSIGN(const auto text, body->text("error"));
            const bool missing = answer->status == 404 || answer->status == 410;
            return std::unexpected(
                answer_error(asked, missing ? core::ErrorKind::missing : core::ErrorKind::protocol,
                             fmt::format("HTTP {}: {}", answer->status, excerpt(text))));
        }
    }
    TRY_ASSIGN(const auto body, json_answer(answer, asked));
    TRY_ASSIGN(const auto status, body.text("status"));
    if (status != "success") {
        return std::unexpected(body.error(fmt::format("has status '{}'", core::printable(status))));
    }
    return body.at("data");
}

Samples query_result(const core::Result<facts::Http>& answer, const Asked& asked) {
    TRY_ASSIGN(const auto data, api_data(answer, asked));
    return read_samples(data);
}

core::Result<void> read_targets(const JsonView& data, facts::Prometheus& facts) {
    TRY_ASSIGN(const auto targets, data.items("activeTargets"));
    for (const auto& item : targets) {
        facts::ScrapeTarget target;
        TRY_ASSIGN(const auto labels, item.at("labels"));
        TRY_ASSIGN(target.job, labels.text_or_empty("job"));
        TRY_ASSIGN(target.instance, labels.text_or_empty("instance"));
        TRY_ASSIGN(target.service, labels.text_or_empty("service"));
        TRY_ASSIGN(const auto scraped_url, item.text_or_empty("scrapeUrl"));
        if (const auto url = net::parse_url(scraped_url)) target.scrape_host = url->host;
        TRY_ASSIGN(target.health, item.text("health"));
        TRY_ASSIGN(target.last_error, item.text_or_empty("lastError"));
        TRY_ASSIGN(const auto scraped, item.text_or_empty("lastScrape"));
        target.last_scrape = core::parse_rfc3339(scraped);
        facts.targets.push_back(std::move(target));
    }
    return {};
}

core::Result<void> read_rules(const core::Result<JsonView>& data, facts::Prometheus& facts) {
    if (!data) return std::unexpected(data.error());
    std::int64_t count = 0;
    std::vector<facts::RuleError> errors;
    TRY_ASSIGN(const auto groups, data->items("groups"));
    for (const auto& group : groups) {
        TRY_ASSIGN(const auto name, group.text("name"));
        TRY_ASSIGN(const auto rules, group.items("rules"));
        for (const auto& rule : rules) {
            ++count;
            TRY_ASSIGN(const auto health, rule.text_or_empty("health"));
            TRY_ASSIGN(auto error, rule.text_or_empty("lastError"));
            if (health != "err" && error.empty()) continue;
            TRY_ASSIGN(auto rule_name, rule.text("name"));
            errors.push_back({name, std::move(rule_name), std::move(error)});
        }
    }
    facts.rules = count;
    facts.rule_errors = std::move(errors);
    return {};
}

/// The first round: the server itself, then one query a question "which of these exist?".
enum Round : std::size_t { ready, build, targets, rules, generation, queue, gpus, counters };

std::vector<net::HttpRequest> first_round(const PrometheusSession& session) {
    std::vector<net::HttpRequest> requests{
        monitor_request(session.target, "/-/ready"),
        monitor_request(session.target, "/api/v1/status/buildinfo"),
        monitor_request(session.target, "/api/v1/targets?state=active"),
        monitor_request(session.target, "/api/v1/rules"),
        session.query(existing_query(k_generation_histograms)),
        session.query(queue_query()),
        session.query(dcgm_query())};
    if (session.target.error_rate_query.empty()) {
        for (const auto label : k_status_labels)
            requests.push_back(session.query(counters_query(label)));
    }
    return requests;
}

/// Reads what the server says of itself. An old or foreign server (VictoriaMetrics, Thanos) may
/// lack one of the pages, but not all of them.
core::Result<void> read_server(PrometheusSession& session,
                               const std::vector<core::Result<facts::Http>>& answers) {
    auto& facts = session.facts;
    auto data = api_data(answers[build], session.asked("its version"));
    if (data) {
        TRY_ASSIGN(facts.version, data->text("version"));
    } else if (data.error().kind != core::ErrorKind::missing) {
        return std::unexpected(std::move(data).error());
    }
    const bool known = data.has_value();
    data = api_data(answers[targets], session.asked("its targets"));
    if (data) {
        TRY(read_targets(*data, facts));
    } else if (known && data.error().kind == core::ErrorKind::missing) {
        facts.problems.targets = std::move(data).error();
    } else {
        auto error = std::move(data).error();
        if (error.kind == core::ErrorKind::missing)
            error.hint =
                "Prometheus 2.0 and later can be asked; does prometheus.url hold the path of"
                " --web.external-url?";
        return std::unexpected(std::move(error));
    }
    auto told = read_rules(api_data(answers[rules], session.asked("its rules")), facts);
    if (!told) facts.problems.rules = std::move(told).error();
    return {};
}

/// Returns a single figure, or nothing when there is none: an empty result and NaN mean that
/// nothing was measured in the window.
core::Result<std::optional<double>> single(PrometheusSession& session, const Asked& asked,
                                           const core::Result<facts::Http>& answer) {
    TRY_ASSIGN(const auto samples, query_result(answer, asked));
    if (samples.empty() || std::isnan(samples.front().value)) return std::nullopt;
    if (std::isinf(samples.front().value))
        return std::unexpected(
            answer_error(asked, core::ErrorKind::protocol, "the query gives an infinite value"));
    if (samples.size() > 1) {
        session.facts.warnings.push_back(fmt::format("{}: the query gives {} values, the first is "
                                                     "used",
                                                     asked.what, samples.size()));
    }
    return samples.front().value;
}

void read_queue(PrometheusSession& session, const core::Result<facts::Http>& answer) {
    auto depth = single(session, session.asked("the GAN's queue depth"), answer);
    if (depth)
        session.facts.gan_queue_depth = *depth;
    else
        session.facts.problems.queue = std::move(depth).error();
}

void read_gpus(PrometheusSession& session, const core::Result<facts::Http>& answer) {
    auto samples = query_result(answer, session.asked("its GPUs"));
    if (samples)
        session.facts.gpus = gpus_of_dcgm(*samples);
    else
        session.facts.problems.gpus = std::move(samples).error();
}

struct Chosen {
    std::optional<Counter> counter{};
    std::string generation{}; ///< expression of the p95; empty: no histogram was found
};

/// Returns the request counter to go by; nothing when there is none, or none is asked for.
std::optional<Counter> find_counter(PrometheusSession& session,
                                    const std::vector<core::Result<facts::Http>>& answers) {
    std::map<std::string_view, std::vector<std::string>> by_label;
    std::optional<core::Error> failed;
    for (std::size_t i = 0; i < k_status_labels.size() && counters + i < answers.size(); ++i) {
        auto found = query_result(answers[counters + i], session.asked("its request counters"));
        if (!found) {
            failed = std::move(found).error();
            break; // the other labels fail for the same reason
        }
        for (const auto& sample : *found)
            by_label[k_status_labels[i]].push_back(sample.label("__name__"));
    }
    auto counter = choose_counter(by_label);
    if (!counter) session.facts.problems.error_rates = std::move(failed);
    return counter;
}

/// Returns the query for the generation time; an empty one when nothing tells it.
std::string find_generation(PrometheusSession& session, const core::Result<facts::Http>& answer) {
    if (!session.target.generation_query.empty()) return session.target.generation_query;
    auto found = query_result(answer, session.asked("its histograms"));
    if (!found) {
        session.facts.problems.generation = std::move(found).error();
        return {};
    }
    std::vector<std::string> names;
    for (const auto& sample : *found)
        names.push_back(sample.label("__name__"));
    const auto name = first_known(k_generation_histograms, names);
    return name ? p95_query(*name, session.facts.window) : std::string{};
}

void read_configured_rates(PrometheusSession& session, const core::Result<facts::Http>& answer) {
    session.facts.error_rate_metric = "error_rate_query";
    auto samples = query_result(answer, session.asked("the configured error rate"));
    if (!samples) {
        session.facts.problems.error_rates =
            with_key(std::move(samples).error(), "prometheus.error_rate_query");
        return;
    }
    for (const auto& sample : *samples) {
        if (!std::isfinite(sample.value)) continue; // 0/0: no request in the window
        session.facts.error_rates.push_back({.service = service_of(sample), .share = sample.value});
    }
}

void read_rates(PrometheusSession& session, const Counter& counter,
                const core::Result<facts::Http>& all, const core::Result<facts::Http>& failed) {
    session.facts.error_rate_metric = counter.metric;
    const auto requests = query_result(all, session.asked("its request rates"));
    const auto errors = query_result(failed, session.asked("its error rates"));
    for (const auto* result : {&requests, &errors}) {
        if (*result) continue;
        session.facts.problems.error_rates = result->error();
        return;
    }
    session.facts.error_rates = join_rates(*requests, *errors);
}

core::Result<GenerationTime> read_histogram(const Asked& asked,
                                            const core::Result<facts::Http>& answer) {
    TRY_ASSIGN(const auto samples, query_result(answer, asked));
    const auto time = generation_time(samples);
    if (time.counted && !time.p95)
        return std::unexpected(
            answer_error(asked, core::ErrorKind::protocol, "the histogram has no finite bucket",
                         "give the histogram buckets, or set prometheus.generation_query"));
    return time;
}

void read_generation(PrometheusSession& session, const std::string& query,
                     const core::Result<facts::Http>& answer) {
    auto& facts = session.facts;
    const auto asked = session.asked("the generation time");
    const auto fail = [&](core::Error error) { facts.problems.generation = std::move(error); };
    if (session.target.generation_query.empty()) {
        auto time = read_histogram(asked, answer);
        if (!time) return fail(std::move(time).error());
        facts.generation_p95 = time->p95;
        facts.generation_end = time->end;
    } else {
        auto seconds = single(session, asked, answer);
        if (!seconds)
            return fail(with_key(std::move(seconds).error(), "prometheus.generation_query"));
        facts.generation_p95 = *seconds;
    }
    facts.generation_query = query;
}

void second_round(PrometheusSession& session, const Chosen& chosen) {
    std::vector<net::HttpRequest> requests;
    const bool configured = !session.target.error_rate_query.empty();
    if (configured) requests.push_back(session.query(session.target.error_rate_query));
    if (chosen.counter) {
        requests.push_back(session.query(requests_query(*chosen.counter, session.facts.window)));
        requests.push_back(session.query(errors_query(*chosen.counter, session.facts.window)));
    }
    if (!chosen.generation.empty()) requests.push_back(session.query(chosen.generation));
    if (requests.empty()) return;
    const auto answers = net::fetch_all(requests, session.deadline, session.stop);
    if (configured) read_configured_rates(session, answers[0]);
    if (chosen.counter) read_rates(session, *chosen.counter, answers[0], answers[1]);
    if (!chosen.generation.empty()) read_generation(session, chosen.generation, answers.back());
}

} // namespace

core::Result<facts::Prometheus> observe_prometheus(const config::Prometheus& target,
                                                   core::Deadline deadline, std::stop_token stop) {
    PrometheusSession session{target, deadline, stop, shown_address(target.url), {}};
    session.facts.window = std::chrono::duration_cast<std::chrono::seconds>(target.window);
    const auto answers = net::fetch_all(first_round(session), deadline, stop);
    session.facts.ready = answers[ready] && answers[ready]->status == 200;
    auto server = read_server(session, answers);
    if (!server) {
        // While it replays its log, a Prometheus answers 503 to everything.
        const bool starting = answers[ready] && answers[ready]->status == 503
                              && server.error().kind == core::ErrorKind::protocol;
        if (!starting) return std::unexpected(std::move(server).error());
        return std::move(session.facts);
    }
    read_queue(session, answers[queue]);
    read_gpus(session, answers[gpus]);
    second_round(session,
                 {find_counter(session, answers), find_generation(session, answers[generation])});
    return std::move(session.facts);
}

} // namespace probe
