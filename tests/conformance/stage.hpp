// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "core/finding.hpp"
#include "core/secret.hpp"
#include "facts/observations.hpp"
#include "support/faults.hpp"
#include "support/hostile.hpp"
#include "support/hostile_tls.hpp"
#include "support/meddler.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

// Brings the faults of support/faults.cpp about, and looks at them as `health` does.

namespace conformance {

/// Where a probe is sent to.
struct Target {
    std::string host{"127.0.0.1"};
    std::uint16_t port = 0;
    bool tls = false;
    std::string ca_file{};
    std::string password{};
};

/// A target in trouble, for as long as this lives.
class Stage {
  public:
    /// Sets the stage for one fault of one protocol.
    static std::unique_ptr<Stage> set(faults::Fault fault, faults::Protocol protocol);

    [[nodiscard]] const Target& target() const { return m_target; }

    /// The time that a probe gets: short where the fault is a silence, long where it is not.
    [[nodiscard]] std::chrono::milliseconds deadline() const { return m_deadline; }

  private:
    using Fault = faults::Fault;
    using Protocol = faults::Protocol;

    void serve(hostile::Behaviour behaviour, hostile::Wrap wrap = {});
    void meddle(hostile::Meddling meddling, Protocol protocol);
    void set_network(Fault fault, Protocol protocol);
    void set_wire(Fault fault, Protocol protocol);
    void set_tls(Fault fault, Protocol protocol);
    void set_words(Fault fault, Protocol protocol);
    void set_age(Fault fault, Protocol protocol);
    void set_names(Fault fault, Protocol protocol);

    Target m_target{};
    std::chrono::milliseconds m_deadline{3000};
    std::unique_ptr<hostile::Authority> m_authority{};
    std::unique_ptr<hostile::StoppedProcess> m_stopped{};
    std::unique_ptr<hostile::BlackHole> m_hole{};
    std::unique_ptr<hostile::Server> m_server{};
    std::unique_ptr<hostile::Meddler> m_meddler{};
};

/// Returns the server of another age than ours, or the one whose every word is hostile.
[[nodiscard]] hostile::Behaviour of_age(faults::Fault fault, faults::Protocol protocol);

/// What a look at a target came to.
struct Sighting {
    std::optional<core::Error> error{};
    core::Finding finding{};               ///< of the check that speaks for the target
    std::vector<core::Finding> findings{}; ///< all that were made of it
    facts::Observations seen{};
    std::chrono::milliseconds took{};
};

/// Observes the target with the protocol's probe and judges what came of it, as the program does.
[[nodiscard]] Sighting look(faults::Protocol protocol, const Target& target,
                            core::Deadline deadline, const std::stop_token& stop = {});

/// The names of the stages (unknown.test, dead.test, hangs.test, …) mean what they say as long as
/// this lives; lookups that hang are let go at its end, and waited for.
class StageNames {
  public:
    StageNames();
    ~StageNames();
    StageNames(const StageNames&) = delete;
    StageNames& operator=(const StageNames&) = delete;
};

} // namespace conformance
