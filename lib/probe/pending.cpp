// SPDX-License-Identifier: MIT
#include "probe/pending.hpp"

#include <mutex>
#include <new>
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

core::Error failure_of(const std::exception_ptr& thrown) {
    core::Error error{.kind = core::ErrorKind::observer, .what = "look at a target"};
    try {
        std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        error.reason = "out of memory on this side";
        error.hint = "free memory, or raise the limit of this process";
        error.own = core::OwnTrouble::memory;
    } catch (const std::exception& failure) {
        error.reason = std::string{"internal error: "} + failure.what();
    } catch (...) {
        error.reason = "internal error of an unknown kind";
    }
    return error;
}

core::Error left_behind(const std::string& target, const std::stop_token& stop) {
    if (stop.stop_requested())
        return {.kind = core::ErrorKind::cancelled, .where = target, .reason = "interrupted"};
    return {
        .kind = core::ErrorKind::timeout, .where = target, .reason = "no answer by the deadline"};
}

} // namespace probe
