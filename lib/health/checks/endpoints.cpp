// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "health/checks/checks.hpp"
#include "health/expectation.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

namespace health::checks {
namespace {

using core::Judgement;

const config::Endpoint* endpoint_of(const config::Config& config, std::string_view name) {
    const auto found = std::ranges::find(config.endpoints, name, &config::Endpoint::name);
    return found == config.endpoints.end() ? nullptr : &*found;
}

/// Returns the first line of a body, short enough to stand in a message.
std::string excerpt(std::string_view body) {
    const auto line = core::trim(body.substr(0, body.find('\n')));
    return core::cut_end(core::printable(line), 200);
}

/// Whether `body` holds what is expected: a plain text, or an expression after "re:". An expression
/// that does not compile is no match, and so is one with a back reference or longer than any sane
/// one.
bool body_matches(const std::string& body, std::string_view expected) {
    if (!expected.starts_with("re:")) return body.find(expected) != std::string::npos;
    constexpr std::size_t k_longest = 1000;
    if (expected.size() > k_longest) return false;
    try {
        // The library's usual matcher calls itself for each character, so a long body ends the
        // program, and it tries every way to match, so a clever one never ends. This one, which
        // only libstdc++ has, goes over the body once; searching would begin anew at each
        // character.
        using namespace std::regex_constants;
        const std::regex pattern{fmt::format("[\\s\\S]*(?:{})[\\s\\S]*", expected.substr(3)),
                                 ECMAScript | nosubs | __polynomial};
        return std::regex_match(body, pattern);
    } catch (const std::regex_error&) {
        return false;
    }
}

/// Returns what is wrong with the answer's headers or body; empty when nothing is.
std::string unmet_condition(const facts::Http& answer, const config::Endpoint& endpoint) {
    for (const auto& [name, expected] : endpoint.expect_headers) {
        const auto found = answer.headers.find(core::to_lower(name));
        if (found == answer.headers.end())
            return fmt::format("header {} is missing; expected '{}'", name, expected);
        if (found->second.find(expected) == std::string::npos)
            return fmt::format("header {} is '{}'; expected '{}'", name, excerpt(found->second),
                               expected);
    }
    if (!endpoint.expect_body.empty() && !body_matches(answer.body, endpoint.expect_body))
        return fmt::format("the body lacks '{}'", endpoint.expect_body);
    return {};
}

Judgement judge_answer(const facts::Http& answer, const config::Endpoint& endpoint) {
    const auto took = core::format_duration(answer.phases.total);
    const auto expected = fmt::format("{}", fmt::join(endpoint.expect_status, " or "));
    const bool status_fits =
        std::ranges::find(endpoint.expect_status, answer.status) != endpoint.expect_status.end();
    Judgement made;
    if (!status_fits) {
        made = critical(fmt::format("HTTP {} in {}; expected {}", answer.status, took, expected));
        const auto location = answer.headers.find("location");
        if (answer.status >= 300 && answer.status < 400 && location != answer.headers.end())
            made.message += fmt::format("; it points to {}", excerpt(location->second));
        made.failure = core::Failure::unhealthy;
    } else if (const auto unmet = unmet_condition(answer, endpoint); !unmet.empty()) {
        made = critical(fmt::format("HTTP {} in {}, but {}", answer.status, took, unmet));
        made.failure = core::Failure::unhealthy;
    } else {
        made = ok(fmt::format("HTTP {} in {}", answer.status, took),
                  fmt::format("{} {} in {}", endpoint.name, answer.status, took));
    }
    made.measured = core::Measured{
        .value = std::int64_t{answer.status}, .unit = "status", .expected = expected};
    if (made.verdict != core::Verdict::ok && !answer.body.empty())
        made.evidence.push_back({"http", excerpt(answer.body)});
    return made;
}

/// Runs `judge_one` for every observed endpoint that has an entry in the configuration.
template <class Judge>
std::vector<Judged> each_endpoint(const facts::Observations& seen, const config::Config& config,
                                  Judge judge_one) {
    std::vector<Judged> all;
    for (const auto& target : seen.endpoints) {
        const auto* endpoint = endpoint_of(config, target.name);
        if (endpoint == nullptr) continue;
        if (auto made = judge_one(target, *endpoint))
            all.push_back(
                {target.name, target.service, target.target, target.duration, std::move(*made)});
    }
    return all;
}

std::vector<Judged> judge_endpoints(const facts::Observations& seen, const config::Config& config,
                                    const core::CheckSpec& spec) {
    return each_endpoint(seen, config, [&](const auto& target, const config::Endpoint& endpoint) {
        return std::optional{target.result ? judge_answer(*target.result, endpoint)
                                           : judge_error(target.result.error(), spec)};
    });
}

std::vector<Judged> judge_latency(const facts::Observations& seen, const config::Config& config,
                                  const core::CheckSpec& /*spec*/) {
    return each_endpoint(seen, config, [&](const auto& target, const config::Endpoint& endpoint) {
        if (!target.result) return std::optional<Judgement>{};
        const auto limit = endpoint.max_latency.value_or(config.thresholds.latency);
        const auto& phases = target.result->phases;
        const auto message = fmt::format(
            "{} (limit {}): name {}, connect {}, TLS {}, first byte {}",
            core::format_duration(phases.total), core::format_duration(limit),
            core::format_duration(phases.dns), core::format_duration(phases.connect),
            core::format_duration(phases.tls), core::format_duration(phases.first_byte));
        auto made = phases.total > limit ? warning(message) : ok(message);
        if (made.verdict == core::Verdict::warning) made.failure = core::Failure::slow;
        made.measured = figure(static_cast<double>(phases.total.count()) / 1e6, "s");
        made.measured->warn = static_cast<double>(limit.count()) / 1e3;
        return std::optional{made};
    });
}

Judgement judge_validity(const facts::Certificate& certificate, const config::Thresholds& limits,
                         core::Time now) {
    using namespace std::chrono;
    const auto left = certificate.not_after - now;
    const auto days = duration_cast<hours>(left).count() / 24;
    const auto until = core::format_utc(certificate.not_after).substr(0, 10);
    Judgement made;
    if (left <= 0s) {
        made = critical(fmt::format("certificate expired on {}", until));
    } else if (certificate.not_before > now) {
        made = critical(fmt::format("certificate is not valid before {}",
                                    core::format_utc(certificate.not_before).substr(0, 10)));
    } else {
        const auto message = fmt::format(
            "certificate ends in {}, on {} (limits {} and {} days)", core::count_of(days, "day"),
            until, duration_cast<hours>(limits.certificate_warning).count() / 24,
            duration_cast<hours>(limits.certificate_critical).count() / 24);
        made = left < limits.certificate_critical ? critical(message)
               : left < limits.certificate_warning
                   ? warning(message)
                   : ok(message, fmt::format("certificate {}", core::count_of(days, "day")));
    }
    made.measured =
        core::Measured{.value = duration<double, days::period>(left).count(),
                       .unit = "days",
                       .expected = "> 0",
                       .warn = duration<double, days::period>(limits.certificate_warning).count(),
                       .crit = duration<double, days::period>(limits.certificate_critical).count(),
                       .at_least = true};
    made.evidence.push_back(
        {"certificate", fmt::format("subject {} · issuer {} · {} · {}", certificate.subject,
                                    certificate.issuer, certificate.key, certificate.protocol)});
    return made;
}

std::vector<Judged> judge_certificates(const facts::Observations& seen,
                                       const config::Config& config,
                                       const core::CheckSpec& /*spec*/) {
    return each_endpoint(seen, config, [&](const auto& target, const config::Endpoint&) {
        if (!target.result || !target.result->certificate) return std::optional<Judgement>{};
        return std::optional{
            judge_validity(*target.result->certificate, config.thresholds, seen.now)};
    });
}

} // namespace

const Check k_endpoint{
    {.id = "health.http",
     .title = "HTTP endpoint",
     .group = "endpoints",
     .section = "daily/system-health-check",
     .what = "Sends one request to each endpoint and compares status, headers and body with what "
             "the configuration expects.",
     .why = "An endpoint that does not answer 200 is what the gallery's visitors see.",
     .threshold = "Critical when the status is not the expected one (200), a header or the body "
                  "lacks what is expected, or no answer comes within --timeout. Redirects are "
                  "answers and are not followed.",
     .setting = "endpoints[].expect_status, endpoints[].expect_body, endpoints[].expect_headers",
     .remediation = "look at the service's log: docker-compose logs --tail=50 SERVICE",
     .reference = "RFC 9110, section 15"},
    judge_endpoints};

const Check k_latency{
    {.id = "health.http-latency",
     .title = "HTTP latency",
     .group = "endpoints",
     .section = "daily/system-health-check",
     .what = "Measures the whole request, and its phases: name lookup, connect, TLS, first byte.",
     .why = "A health page that takes long is the first sign of a service that is about to stop "
            "answering.",
     .threshold = "Warning above 1 s.",
     .setting = "thresholds.latency, endpoints[].max_latency",
     .remediation = "compare the phases: a slow first byte is the service, a slow connect is the "
                    "network or a full backlog",
     .reference = "RFC 9110",
     .when_unreachable = core::Verdict::unknown},
    judge_latency};

const Check k_certificate{
    {.id = "health.certificate",
     .title = "TLS certificate",
     .group = "endpoints",
     .section = "weekly/security-review",
     .what = "Reads the certificate that an https endpoint shows and how long it is still valid.",
     .why = "An expired certificate takes the gallery off the air for every visitor at once.",
     .threshold = "Warning below 30 days, critical below 7 days, when expired or not yet valid.",
     .setting = "thresholds.certificate_warning, thresholds.certificate_critical",
     .remediation = "renew the certificate and reload nginx",
     .reference = "RFC 5280, section 4.1.2.5",
     .by_clock = true},
    judge_certificates};

} // namespace health::checks

namespace health {

std::string unmet_expectation(const facts::Http& answer, const config::Endpoint& endpoint) {
    return checks::unmet_condition(answer, endpoint);
}

} // namespace health
