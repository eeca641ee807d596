// SPDX-License-Identifier: MIT
#include "health/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace health {
namespace {

core::Judgement judgement(core::Verdict verdict, std::string message, std::string brief = {}) {
    core::Judgement made;
    made.verdict = verdict;
    made.message = std::move(message);
    made.brief = std::move(brief);
    return made;
}

std::string with_figure(std::string_view words, std::string_view figure) {
    std::string text{words};
    const auto place = text.find("{}");
    if (place != std::string::npos) text.replace(place, 2, figure);
    return text;
}

} // namespace

core::Judgement ok(std::string message, std::string brief) {
    return judgement(core::Verdict::ok, std::move(message), std::move(brief));
}

core::Judgement warning(std::string message) {
    auto made = judgement(core::Verdict::warning, std::move(message));
    made.failure = core::Failure::limit;
    return made;
}

core::Judgement critical(std::string message) {
    auto made = judgement(core::Verdict::critical, std::move(message));
    made.failure = core::Failure::limit;
    return made;
}

core::Judgement unknown(std::string message) {
    return judgement(core::Verdict::unknown, std::move(message));
}

core::Judgement skipped(std::string reason) {
    return judgement(core::Verdict::skipped, std::move(reason));
}

core::Judgement judge_share(core::Percent share, ShareLimit limit, std::string_view words,
                            std::string brief) {
    const auto limited = fmt::format("(limit {})", core::format_percent(limit.limit));
    if (!std::isfinite(share.value))
        return unknown(fmt::format("{}: the figures make no share {}",
                                   with_figure(words, "not told"), limited));
    if (limit.grave) limit.grave = std::max(*limit.grave, limit.limit);
    const auto message =
        fmt::format("{} {}", with_figure(words, core::format_percent(share)), limited);
    // Nothing at all is within every limit, also one of 0 %.
    const auto reaches = [&](core::Percent mark) { return share.value > 0 && share >= mark; };
    auto made = limit.grave && reaches(*limit.grave) ? critical(message)
                : reaches(limit.limit)               ? warning(message)
                                                     : ok(message, std::move(brief));
    core::Measured figure;
    figure.value = share.value;
    figure.unit = "%";
    figure.expected =
        fmt::format("{}{}", limit.limit.value > 0 ? "< " : "", core::format_percent(limit.limit));
    figure.warn = limit.limit.value;
    if (limit.grave) figure.crit = limit.grave->value;
    figure.max = 100;
    made.measured = std::move(figure);
    return made;
}

core::Percent share_of(double part, double whole) {
    return {whole > 0 ? part / whole * 100 : 0};
}

core::Measured figure(double value, std::string unit) {
    core::Measured made;
    made.value = value;
    made.unit = std::move(unit);
    return made;
}

std::string show_seconds(double seconds) {
    constexpr double k_most = 1e9;
    const auto sane = std::isfinite(seconds) ? std::clamp(seconds, 0.0, k_most) : k_most;
    return core::format_duration(std::chrono::microseconds{static_cast<std::int64_t>(sane * 1e6)});
}

} // namespace health
