// SPDX-License-Identifier: MIT
#include "probe/pg_error.hpp"

#include "probe/mask.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace probe {
namespace {

using core::ErrorKind;
using core::Phase;

core::Error failure(ErrorKind kind, Phase phase, std::string reason, std::string_view hint) {
    core::Error error;
    error.kind = kind;
    error.phase = phase;
    error.reason = std::move(reason);
    error.hint = hint;
    return error;
}

struct State {
    std::string_view prefix{}; ///< of the SQLSTATE; the first match counts
    ErrorKind kind = ErrorKind::protocol;
    std::string_view hint{};
};

constexpr std::array k_states = std::to_array<State>({
    {"28", ErrorKind::auth, "check user, password and pg_hba.conf"},
    {"42501", ErrorKind::auth, "the role lacks a right: GRANT pg_monitor TO it"},
    {"3D", ErrorKind::missing, "psql -l lists the databases"},
    {"53300", ErrorKind::protocol,
     "all connections are taken: SELECT * FROM pg_stat_activity tells by whom"},
    {"57P03", ErrorKind::protocol, "it starts, stops or recovers: wait, or look at its log"},
    {"57P0", ErrorKind::reset, "the server ended the session: look at its log"},
    {"57014", ErrorKind::timeout, "the server is overloaded or waits for a lock"},
});

struct Transport {
    std::string_view text{}; ///< part of libpq's message; the first match counts
    ErrorKind kind = ErrorKind::protocol;
    Phase phase = Phase::connect;
    std::string_view hint{};
    core::OwnTrouble own = core::OwnTrouble::none;
};

constexpr std::string_view k_other_server = "is it a PostgreSQL that listens there?";
constexpr std::string_view k_look_at_log = "look at the server's log";

constexpr std::array k_transports = std::to_array<Transport>({
    {"received invalid response to SSL", ErrorKind::protocol, Phase::tls, k_other_server},
    {"received invalid response to GSS", ErrorKind::protocol, Phase::login, k_other_server},
    {"expected authentication request", ErrorKind::protocol, Phase::login, k_other_server},
    {"unsupported frontend protocol", ErrorKind::protocol, Phase::login, k_other_server},
    {"does not support SSL", ErrorKind::tls, Phase::tls,
     "the server has no TLS: sslmode=prefer, or turn it on there"},
    {"sslmode", ErrorKind::tls, Phase::tls, "check sslmode in the DSN"},
    {"certificate required", ErrorKind::tls, Phase::tls,
     "the server demands a client certificate: name one in sslcert and sslkey"},
    {"ertificate", ErrorKind::tls, Phase::tls, "check sslrootcert, sslcert and the host's name"},
    {"private key", ErrorKind::tls, Phase::tls, "check sslkey and its permissions"},
    {"wrong version number", ErrorKind::protocol, Phase::tls, k_other_server},
    {"packet length too long", ErrorKind::protocol, Phase::tls, k_other_server},
    {"SSL SYSCALL error: EOF", ErrorKind::tls, Phase::tls, k_look_at_log},
    {"SSL error", ErrorKind::tls, Phase::tls, k_look_at_log},
    {"Connection refused", ErrorKind::refused, Phase::connect,
     "is the server running, and on this port?"},
    {"No such file or directory", ErrorKind::unreachable, Phase::connect,
     "is the server running, and is its socket in this folder?"},
    {"Permission denied", ErrorKind::permission, Phase::connect,
     "this user may not open the server's socket"},
    {"Too many open files", ErrorKind::observer, Phase::connect, "raise ulimit -n",
     core::OwnTrouble::descriptors},
    {"No route to host", ErrorKind::unreachable, Phase::connect, "look at routes and firewall"},
    {"Network is unreachable", ErrorKind::unreachable, Phase::connect, "look at routes",
     core::OwnTrouble::route},
    {"timed out", ErrorKind::timeout, Phase::connect, "look at routes and firewall"},
    {"server closed the connection", ErrorKind::reset, Phase::login, k_look_at_log},
    {"Connection reset by peer", ErrorKind::reset, Phase::login, k_look_at_log},
    {"Broken pipe", ErrorKind::reset, Phase::login, k_look_at_log},
    {"no password supplied", ErrorKind::auth, Phase::login, "set the password"},
    {"authentication", ErrorKind::auth, Phase::login, "check pg_hba.conf and the client's methods"},
    {"SCRAM", ErrorKind::auth, Phase::login, "check user, password and pg_hba.conf"},
    {"SASL", ErrorKind::auth, Phase::login, "check user, password and pg_hba.conf"},
    {"hannel binding", ErrorKind::auth, Phase::login, "check channel_binding in the DSN"},
    {"GSS", ErrorKind::auth, Phase::login, "the server wants Kerberos"},
    {"session is", ErrorKind::missing, Phase::login, "no server with the target_session_attrs"},
    {"hot standby", ErrorKind::missing, Phase::login, "no server with the target_session_attrs"},
});

bool is_state_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/// Finds ":  28P01: " and returns where the SQLSTATE stands.
std::size_t find_state(std::string_view message) {
    constexpr std::string_view k_before = ":  ";
    for (std::size_t at = message.find(k_before); at != std::string_view::npos;
         at = message.find(k_before, at + 1)) {
        const auto rest = message.substr(at + k_before.size());
        if (rest.size() > 7 && rest.substr(5, 2) == ": "
            && std::ranges::all_of(rest.substr(0, 5), is_state_char))
            return at + k_before.size();
    }
    return std::string_view::npos;
}

/// What follows `connection to server at "…", port … failed: `, which our `where` says already.
std::string_view without_place(std::string_view message) {
    constexpr std::string_view k_failed = " failed: ";
    const std::size_t at = message.find(k_failed);
    return message.starts_with("connection to server") && at != std::string_view::npos
               ? message.substr(at + k_failed.size())
               : message;
}

} // namespace

core::Error pg_server_error(std::string_view sqlstate, std::string_view text,
                            const core::Secret& password, Phase phase) {
    const auto known = std::ranges::find_if(
        k_states, [&](const State& state) { return sqlstate.starts_with(state.prefix); });
    const bool found = known != k_states.end();
    std::string reason = quoted_answer(text, password);
    if (reason.empty()) reason = "error answer without a text";
    return failure(found ? known->kind : ErrorKind::protocol, phase, std::move(reason),
                   found ? known->hint : "");
}

core::Error pg_connect_error(std::string_view message, const core::Secret& password) {
    if (const std::size_t at = find_state(message); at != std::string_view::npos)
        return pg_server_error(message.substr(at, 5), message.substr(at + 7), password,
                               Phase::login);
    const auto known = std::ranges::find_if(k_transports, [&](const Transport& transport) {
        return message.find(transport.text) != std::string_view::npos;
    });
    std::string reason = quoted_answer(without_place(message), password);
    if (reason.empty()) reason = "the connection failed without a reason";
    if (known == k_transports.end())
        return failure(ErrorKind::protocol, Phase::login, std::move(reason), k_other_server);
    auto error = failure(known->kind, known->phase, std::move(reason), known->hint);
    error.own = known->own;
    return error;
}

} // namespace probe
