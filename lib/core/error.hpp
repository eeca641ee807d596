// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <stdexcept>
#include <string>
#include <string_view>

namespace core {

/// What kind of trouble stopped an observation. Judges decide by kind, never by the text.
enum class ErrorKind : std::uint8_t {
    unreachable, ///< no way to the target: no route, no such host, no such socket file
    timeout,     ///< the deadline passed
    refused,     ///< the target's host answered that nothing listens there
    reset,       ///< the connection was closed in the middle
    auth,        ///< the target answered and did not let us in
    tls,         ///< the TLS handshake or the certificate was not acceptable
    protocol,    ///< the answer is not what the protocol allows
    too_large,   ///< the answer is larger than we are willing to read
    permission,  ///< this process may not open what it needs
    missing,     ///< the thing asked for does not exist
    restarted,   ///< the target went away and came back, or not, while it was looked at
    cancelled,   ///< the run was interrupted
    observer,    ///< the trouble is on our side: no descriptors, no memory, no route at all
};

/// The step of an observation in which an error happened; a message always names it.
enum class Phase : std::uint8_t {
    none,
    dns,
    connect,
    tls,
    login,
    request,
    first_byte,
    body,
    query
};

/// Trouble on our own side that would explain an error. Whether it does, only the look at all
/// errors of a run tells (health/own_trouble.hpp): one name that is not found is the name's, all of
/// them are the resolver's.
enum class OwnTrouble : std::uint8_t {
    none,
    descriptors, ///< EMFILE, ENFILE
    memory,      ///< ENOMEM, ENOBUFS
    threads,     ///< EAGAIN for a thread
    route,       ///< ENETUNREACH
    resolver,    ///< EAI_AGAIN, or no answer of the resolver
    clock        ///< a certificate that is not valid yet, or no more
};

/// A failed operation: `what` was tried, `where` (never holding a secret), `reason` it failed, and
/// a `hint` for the next step.
struct Error {
    ErrorKind kind = ErrorKind::protocol;
    std::string what{};
    std::string where{};
    std::string reason{};
    std::string hint{};
    Phase phase = Phase::none;
    std::chrono::microseconds elapsed{};
    OwnTrouble own = OwnTrouble::none;

    bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

/// Returns the lower-case word for `kind`, `phase` or `trouble`.
[[nodiscard]] std::string_view name(ErrorKind kind);
[[nodiscard]] std::string_view name(Phase phase);
[[nodiscard]] std::string_view name(OwnTrouble trouble);

/// Returns one line: "reason (phase, after 5.0 s)", without `where`, for a finding's message.
[[nodiscard]] std::string brief(const Error& error);

/// Returns one line: "what: where: reason; hint", for a person at the command line.
[[nodiscard]] std::string describe(const Error& error);

/// The command line is wrong; ends the program with exit code 64.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The configuration is wrong; ends the program with exit code 78.
struct ConfigError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace core

#define GALLERY_OPS_JOIN_(a, b) a##b
#define GALLERY_OPS_JOIN(a, b) GALLERY_OPS_JOIN_(a, b)

/// Evaluates an expression of type Result<T>: on failure returns its error from the enclosing
/// function, else declares `var` as the value. (g++ 12's std::expected has no monadic members.)
#define TRY_ASSIGN(var, expression)                                                                \
    auto GALLERY_OPS_JOIN(try_result_, __LINE__) = (expression);                                   \
    if (!GALLERY_OPS_JOIN(try_result_, __LINE__))                                                  \
        return std::unexpected(std::move(GALLERY_OPS_JOIN(try_result_, __LINE__)).error());        \
    var = *std::move(GALLERY_OPS_JOIN(try_result_, __LINE__))

/// Evaluates an expression of type Result<void> and returns its error from the enclosing function.
#define TRY(expression)                                                                            \
    do {                                                                                           \
        auto try_result_ = (expression);                                                           \
        if (!try_result_) return std::unexpected(std::move(try_result_).error());                  \
    } while (false)
