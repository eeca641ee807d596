// SPDX-License-Identifier: MIT
#include "probe/pending.hpp"

#include <mutex>
#include <optional>

namespace probe {

core::Deadline::Clock::time_point moment_of(const std::stop_token& stop) {
    struct Seen {
        std::stop_token stop{};
        core::Deadline::Clock::time_point at{};
    };

    static std::mutex mutex;
    static std::optional<Seen>
        last; // one run at a time is the rule; a second one only waits longer
    const std::scoped_lock lock{mutex};
    if (!last || last->stop != stop) last = Seen{stop, core::Deadline::Clock::now()};
    return last->at;
}

core::Error left_behind(const std::string& target, const std::stop_token& stop) {
    if (stop.stop_requested())
        return {.kind = core::ErrorKind::cancelled, .where = target, .reason = "interrupted"};
    return {
        .kind = core::ErrorKind::timeout, .where = target, .reason = "no answer by the deadline"};
}

} // namespace probe
