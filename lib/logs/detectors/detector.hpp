// SPDX-License-Identifier: MIT
#pragma once

#include "core/check_spec.hpp"
#include "core/judged.hpp"
#include "logs/event.hpp"
#include "logs/seen.hpp"
#include "logs/suspect.hpp"
#include "logs/visitors.hpp"

#include <memory>
#include <type_traits>
#include <vector>

namespace logs {

struct Summary;

/// What a detector keeps while lines go by.
class Watcher {
  public:
    Watcher() = default;
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    Watcher(Watcher&&) = delete;
    Watcher& operator=(Watcher&&) = delete;
    virtual ~Watcher() = default;

    /// Returns whether it looks at requests.
    [[nodiscard]] virtual bool wants_requests() const { return false; }

    /// Returns whether it looks at messages like this one, which is no request: asked once for each
    /// shape, of its first message.
    [[nodiscard]] virtual bool wants(const Event& /*event*/) const { return false; }

    /// Takes an event in that it wants; its texts are gone afterwards.
    virtual void see(const Event& /*event*/, Stream /*stream*/) {}

    /// Takes in what another one of its kind saw, after what this one saw, all of it of `stream`.
    virtual void absorb(Watcher& /*other*/, Stream /*stream*/) {}

    /// Says what it came to. `summary` has everything but findings.
    [[nodiscard]] virtual std::vector<core::Judged> judge(const Summary& summary) = 0;

    /// Returns the addresses that it found suspicious; asked after `judge`.
    [[nodiscard]] virtual std::vector<Suspect> suspects() const { return {}; }
};

/// A detector: its words, and how one begins.
struct Detector {
    core::CheckSpec spec{};
    std::unique_ptr<Watcher> (*start)(const Visitors&) = nullptr;
};

template <class Kind>
std::unique_ptr<Watcher> start_watcher(const Visitors& visitors) {
    if constexpr (std::is_constructible_v<Kind, const Visitors&>)
        return std::make_unique<Kind>(visitors);
    else
        return std::make_unique<Kind>();
}

} // namespace logs
