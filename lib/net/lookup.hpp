// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace net {

/// What a resolver said: addresses in its order, or an EAI_* code (and errno for EAI_SYSTEM).
struct LookupAnswer {
    int code = 0;
    int system_code = 0;
    std::vector<std::string> ips{};
};

/// A blocking resolver. Runs in a thread of its own.
using Resolver = LookupAnswer (*)(const std::string& host);

/// Replaces the resolver (getaddrinfo) and returns the one that was used before: the seam by which
/// tests bring a resolver that hangs or lies. nullptr restores getaddrinfo.
Resolver exchange_resolver(Resolver resolver);

/// A name lookup on its way. getaddrinfo can't be stopped: a lookup that is dropped leaves its
/// thread alone, which ends whenever the resolver gives up; whoever asks for the same name until
/// then joins it, so that these threads do not grow in number over the looks of a watch. There are
/// at most 64 of them; further names wait for their turn.
class Lookup {
  public:
    /// Starts looking up `host`; a numeric address is answered at once, without a thread.
    [[nodiscard]] static Lookup start(const std::string& host);

    [[nodiscard]] bool done() const;

    /// Returns the time from the start to the answer, or until now.
    [[nodiscard]] std::chrono::microseconds elapsed() const;

    /// Waits for the answer: numeric addresses without duplicates, at least one. Errors:
    /// unreachable, timeout, cancelled, observer; the phase is dns.
    [[nodiscard]] core::Result<std::vector<std::string>> wait(core::Deadline deadline,
                                                              const std::stop_token& stop) const;

  private:
    struct State;
    struct UnderWay;
    struct Threads;

    explicit Lookup(std::shared_ptr<State> state) : m_state(std::move(state)) {}

    std::shared_ptr<State> m_state;
    std::chrono::steady_clock::time_point m_started = std::chrono::steady_clock::now();
};

} // namespace net
