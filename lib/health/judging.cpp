// SPDX-License-Identifier: MIT
#include "health/judging.hpp"

#include <fmt/format.h>

namespace health {
namespace {

core::Judgement judgement(core::Verdict verdict, std::string message, std::string brief = {}) {
    core::Judgement made;
    made.verdict = verdict;
    made.message = std::move(message);
    made.brief = std::move(brief);
    return made;
}

std::string with_figure(std::string_view words, core::Percent share) {
    std::string text{words};
    const auto place = text.find("{}");
    if (place != std::string::npos) text.replace(place, 2, core::format_percent(share));
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
    const auto message =
        fmt::format("{} (limit {})", with_figure(words, share), core::format_percent(limit.limit));
    auto made = share >= limit.grave   ? critical(message)
                : share >= limit.limit ? warning(message)
                                       : ok(message, std::move(brief));
    made.measured =
        core::Measured{.value = share.value,
                       .unit = "%",
                       .expected = fmt::format("< {}", core::format_percent(limit.limit)),
                       .warn = limit.limit.value,
                       .crit = limit.grave.value,
                       .max = 100};
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

} // namespace health
