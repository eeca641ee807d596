// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "probe/pending.hpp"
#include "probe/stragglers.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace probe {

/// Runs `work` in a thread of its own and returns its result; when it has none by the deadline and
/// a short grace, or a stop is requested, the thread is left alone and the caller goes on: the last
/// resort for libraries that can be made to compute or wait by what a server sends. `work` must own
/// all that it uses. While a thread for the same `target` is left alone, no other is started.
/// Errors besides those of `work`: timeout, cancelled, observer.
template <class T, class Work>
[[nodiscard]] core::Result<T> run_detached(const std::string& target, Work work,
                                           core::Deadline deadline, const std::stop_token& stop) {
    if (const auto since = left_behind_since(target))
        return std::unexpected(still_waiting(target, *since));

    struct State {
        std::mutex mutex{};
        std::condition_variable_any done{};
        std::optional<core::Result<T>> result{};
        std::exception_ptr thrown{}; ///< told by who waits: the thread may have no memory for words
    };

    // `work` watches the deadline and the stop itself; it gets the chance to say where it stood.
    constexpr std::chrono::milliseconds k_patience{100};
    const auto began = std::chrono::steady_clock::now();
    const auto state = std::make_shared<State>();
    const auto presence = std::make_shared<Presence>(target);
    core::Error error;
    try {
        std::thread{[state, presence, work = std::move(work)]() mutable {
            std::optional<core::Result<T>> result;
            std::exception_ptr thrown;
            try {
                result = work();
            } catch (...) {
                thrown = std::current_exception();
            }
            const std::scoped_lock lock{state->mutex};
            state->result = std::move(result);
            state->thrown = thrown;
            state->done.notify_all();
        }}.detach();
    } catch (const std::system_error&) {
        error.kind = core::ErrorKind::observer;
        error.reason = "no thread can be started";
        error.hint = "this host or its limits (ulimit -u) are exhausted";
        error.own = core::OwnTrouble::threads;
        return std::unexpected(std::move(error));
    }
    std::unique_lock lock{state->mutex};
    const auto finished = [&] { return state->result || state->thrown; };
    state->done.wait_until(lock, stop, deadline.at() + k_patience, finished);
    if (stop.stop_requested()) state->done.wait_for(lock, k_patience, finished);
    if (state->thrown) return std::unexpected(failure_of(state->thrown));
    if (state->result) return *std::move(state->result);
    presence->leave_behind();
    error.kind = stop.stop_requested() ? core::ErrorKind::cancelled : core::ErrorKind::timeout;
    error.reason = stop.stop_requested() ? "interrupted" : "no end of the conversation";
    error.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began);
    return std::unexpected(std::move(error));
}

} // namespace probe
