// SPDX-License-Identifier: MIT
//
// Every probe ends by its own deadline, and yet none of them is trusted to: each runs in a thread
// of its own that owns all it needs, and hands its result over through a future. A thread whose
// result has not come shortly after the deadline is left behind (it holds no reference to the run),
// and its target is reported as a time-out. So one call that can't be stopped costs one answer, not
// the run.
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/observed.hpp"
#include "probe/stragglers.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace probe {

/// How long after its deadline, or after a stop, a probe may still hand over its result.
inline constexpr std::chrono::milliseconds k_grace{50};

/// Starts `work` in a thread that is never joined. Throws std::system_error when no thread can be
/// started.
/// With `presence`, the thread carries it until its end.
template <class Value>
std::future<Value> start(std::function<Value()> work,
                         std::shared_ptr<Presence> presence = nullptr) {
    auto promise = std::make_shared<std::promise<Value>>();
    auto future = promise->get_future();
    std::thread([work = std::move(work), promise, presence = std::move(presence)]() {
        try {
            promise->set_value(work());
        } catch (...) { // no memory: nothing else throws this far
            promise->set_exception(std::current_exception());
        }
    }).detach();
    return future;
}

/// Returns the moment at which a stop was first seen: a stop that was seen before keeps its moment,
/// so that a run with many probes that don't react is over as soon as one with a single one.
[[nodiscard]] core::Deadline::Clock::time_point moment_of(const std::stop_token& stop);

/// Waits until the value is there; false when it has not come shortly after the deadline or a stop.
template <class Future>
bool came(const Future& future, core::Deadline deadline, const std::stop_token& stop) {
    auto until = deadline.at() + k_grace;
    for (;;) {
        const auto now = core::Deadline::Clock::now();
        if (stop.stop_requested()) until = std::min(until, moment_of(stop) + 2 * k_grace);
        const auto slice = std::max(now, std::min(until, now + k_grace / 2));
        if (future.wait_until(slice) == std::future_status::ready) return true;
        if (core::Deadline::Clock::now() >= until) return false;
    }
}

/// The error of a probe whose thread could not be started.
[[nodiscard]] inline core::Error start_failure(const std::system_error& failure) {
    return {.kind = core::ErrorKind::observer,
            .what = "start a probe",
            .reason = std::string{"no thread could be started: "} + failure.what(),
            .hint = "look at the limits of this user: ulimit -u",
            .own = core::OwnTrouble::threads};
}

/// The error of a probe that was left behind: at the deadline, or because the run was interrupted.
[[nodiscard]] core::Error left_behind(const std::string& target, const std::stop_token& stop);

/// The error of a probe that ended in this exception.
[[nodiscard]] core::Error failure_of(const std::exception_ptr& thrown);

/// Takes the value of a future that is ready; what its thread threw becomes an error of the
/// observer.
template <class Value>
core::Result<Value> taken(std::future<Value>& future) {
    try {
        return future.get();
    } catch (...) {
        return std::unexpected(failure_of(std::current_exception()));
    }
}

/// An observation under way.
template <class Facts>
struct Pending {
    facts::Observed<Facts> observed{};
    std::future<std::pair<core::Result<Facts>, std::chrono::microseconds>> future{};
    std::shared_ptr<Presence> presence{};
};

/// Starts a probe and notes how long it takes. A target whose last probe was left behind and has
/// not come back is not asked.
template <class Facts, class Probe>
Pending<Facts> begin(std::string name, std::string service, std::string target, Probe probe) {
    using Timed = std::pair<core::Result<Facts>, std::chrono::microseconds>;
    Pending<Facts> pending;
    pending.observed.name = std::move(name);
    pending.observed.service = std::move(service);
    pending.observed.target = std::move(target);
    const auto key = pending.observed.name + "\n" + pending.observed.target;
    if (const auto since = left_behind_since(key)) {
        pending.observed.result = std::unexpected(still_waiting(pending.observed.target, *since));
        return pending;
    }
    try {
        pending.presence = std::make_shared<Presence>(key);
        pending.future = start<Timed>(
            [probe = std::move(probe)] {
                const auto began = core::Deadline::Clock::now();
                auto result = probe();
                const auto took = core::Deadline::Clock::now() - began;
                return Timed{std::move(result),
                             std::chrono::duration_cast<std::chrono::microseconds>(took)};
            },
            pending.presence);
    } catch (const std::system_error& failure) {
        pending.observed.result = std::unexpected(start_failure(failure));
    }
    return pending;
}

/// Waits for the result of a probe.
template <class Facts>
facts::Observed<Facts> finish(Pending<Facts>& pending, core::Deadline deadline,
                              const std::stop_token& stop) {
    if (!pending.future.valid()) return std::move(pending.observed);
    if (came(pending.future, deadline, stop)) {
        if (auto timed = taken(pending.future))
            std::tie(pending.observed.result, pending.observed.duration) = *std::move(timed);
        else
            pending.observed.result = std::unexpected(std::move(timed).error());
    } else {
        if (pending.presence) pending.presence->leave_behind();
        pending.observed.result = std::unexpected(left_behind(pending.observed.target, stop));
    }
    return std::move(pending.observed);
}

} // namespace probe
