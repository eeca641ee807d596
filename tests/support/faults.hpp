// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "core/verdict.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// What can be wrong with a server, and what the program has to say of it. One table: the
// conformance tests bring every row about, and docs/faults.md is written from it.

namespace faults {

enum class Protocol : std::uint8_t {
    docker,
    postgres,
    redis,
    ipfs,
    http,
    prometheus,
    alertmanager,
    ethereum
};

inline constexpr std::array k_protocols{
    Protocol::docker, Protocol::postgres,   Protocol::redis,        Protocol::ipfs,
    Protocol::http,   Protocol::prometheus, Protocol::alertmanager, Protocol::ethereum};

/// Returns the word for people: "Docker", "HTTP".
[[nodiscard]] std::string_view name(Protocol protocol);

/// A set of protocols.
class Protocols {
  public:
    constexpr Protocols(std::initializer_list<Protocol> members) {
        for (const auto member : members)
            m_bits |= bit(member);
    }

    [[nodiscard]] constexpr bool has(Protocol member) const { return (m_bits & bit(member)) != 0; }

    /// Returns the members of this set that are not in `other`.
    [[nodiscard]] constexpr Protocols without(Protocols other) const {
        Protocols left{};
        left.m_bits = m_bits & ~other.m_bits;
        return left;
    }

  private:
    static constexpr unsigned bit(Protocol member) { return 1U << static_cast<unsigned>(member); }

    unsigned m_bits = 0;
};

/// One way to be in trouble. How each is brought about stands in tests/conformance/stage.cpp.
enum class Fault : std::uint8_t {
    none,
    refused,
    blackholed,
    silent,
    stopped,
    dripping,
    reset_first,
    reset_middle,
    cut_first,
    cut_middle,
    garbage,
    endless,
    gigabyte,
    redirect,
    wrong_password,
    no_password,
    expired,
    not_yet_valid,
    wrong_name,
    self_signed,
    client_certificate,
    plain_on_tls,
    tls_on_plain,
    ssh,
    http_instead,
    redis_instead,
    too_old,
    old,
    newer,
    no_method,
    dns_unknown,
    dns_dead,
    dns_hangs,
    dns_alternates,
    dns_half_silent,
    bad_text,
    bad_utf8
};

struct Description {
    Fault fault = Fault::none;
    std::string_view name{}; ///< "refused"
    std::string_view how{};  ///< how the tests bring it about, half a sentence
};

/// Every fault once, in the order of the document.
[[nodiscard]] std::span<const Description> descriptions();

/// What has to come of a fault.
struct Row {
    Fault fault = Fault::none;
    Protocols protocols{};
    std::optional<core::ErrorKind> kind{}; ///< nothing: facts, which are judged
    core::Phase phase = core::Phase::none; ///< that the error names
    core::Verdict verdict = core::Verdict::critical;
    std::string_view says{}; ///< part of the message or the next step; case does not count
};

/// All of them, in the order of the document. No fault has two rows for one protocol.
[[nodiscard]] std::span<const Row> rows();

/// What can be wrong with the observer itself. Each is brought about by tests/integration/self.sh,
/// in the function `test`.
struct OwnTrouble {
    std::string_view name{};    ///< "descriptors exhausted"
    std::string_view how{};     ///< how the test brings it about
    std::string_view finding{}; ///< "health.self.descriptors"
    core::Verdict verdict = core::Verdict::unknown;
    std::string_view rest{}; ///< what becomes of everything else
    std::string_view test{};
};

[[nodiscard]] std::span<const OwnTrouble> own_troubles();

/// Returns docs/faults.md.
[[nodiscard]] std::string document();

} // namespace faults
