// SPDX-License-Identifier: MIT
#include "probe/pg_login.hpp"

#include "net/lookup.hpp"
#include "net/system.hpp"
#include "net/traffic.hpp"
#include "probe/pg_error.hpp"

#include <cerrno>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace probe {
namespace {

using core::ErrorKind;
using core::Phase;

void ignore_notice(void* /*context*/, const char* /*text*/) {}

Phase phase_of(PGconn* connection) {
    switch (PQstatus(connection)) {
    case CONNECTION_STARTED:
    case CONNECTION_NEEDED:
        return Phase::connect;
    case CONNECTION_SSL_STARTUP:
        // Before TLS itself comes the question whether the server speaks it at all.
        return PQsslStruct(connection, "OpenSSL") != nullptr ? Phase::tls : Phase::login;
    default:
        return Phase::login;
    }
}

core::Result<PgConnection> start(const PgTarget& target, const PgHost& host,
                                 const std::string& hostaddr) {
    auto options = target.options;
    options["port"] = std::to_string(host.port);
    if (!host.host.empty()) options["host"] = host.host;
    if (!hostaddr.empty()) options["hostaddr"] = hostaddr;
    if (!target.password.empty()) options["password"] = target.password.reveal();
    std::vector<const char*> keys;
    std::vector<const char*> values;
    for (const auto& [key, value] : options) {
        keys.push_back(key.c_str());
        values.push_back(value.c_str());
    }
    keys.push_back(nullptr);
    values.push_back(nullptr);
    PgConnection connection{PQconnectStartParams(keys.data(), values.data(), 0)};
    if (!connection) return std::unexpected(net::shortage_error(Phase::connect));
    net::count_request();
    PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE); // the SQLSTATE stands only there
    PQsetNoticeProcessor(connection.get(), ignore_notice, nullptr);
    return connection;
}

core::Result<PgConnection> connect_one(const PgTarget& target, const PgHost& host,
                                       const std::string& hostaddr, core::Deadline deadline,
                                       const std::stop_token& stop) {
    PgWaiting waiting{deadline, stop};
    TRY_ASSIGN(auto connection, start(target, host, hostaddr));
    auto step =
        PQstatus(connection.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (step != PGRES_POLLING_OK) {
        if (step == PGRES_POLLING_FAILED) {
            auto error = pg_connect_error(PQerrorMessage(connection.get()), target.password);
            // Without a descriptor libpq misses its files and says so.
            if (error.kind != ErrorKind::refused && net::out_of_descriptors())
                error = net::system_error(EMFILE, error.phase);
            return std::unexpected(std::move(error));
        }
        const auto wanted = step == PGRES_POLLING_WRITING ? net::Wanted::write : net::Wanted::read;
        const auto phase = phase_of(connection.get());
        if (phase != Phase::connect && !waiting.connected) waiting.connected = waiting.waited();
        TRY(waiting.wait(connection.get(), wanted, phase));
        step = PQconnectPoll(connection.get());
    }
    if (PQsetnonblocking(connection.get(), 1) != 0)
        return std::unexpected(pg_failure(ErrorKind::reset, Phase::login, "connection lost"));
    return connection;
}

/// One way to a server: a host of the DSN and, over TCP, one of its addresses.
struct LoginWay {
    PgHost host{};
    std::string hostaddr{};
};

/// Whether another address may succeed where this one failed.
bool worth_another_try(ErrorKind kind) {
    return kind != ErrorKind::auth && kind != ErrorKind::cancelled && kind != ErrorKind::observer;
}

/// An answer tells more than a silence, a silence more than a name that is not known.
int telling(const core::Error& error) {
    switch (error.kind) {
    case ErrorKind::auth:
    case ErrorKind::cancelled:
    case ErrorKind::observer:
        return 0;
    case ErrorKind::missing:
    case ErrorKind::protocol:
    case ErrorKind::tls:
    case ErrorKind::too_large:
        return 1;
    case ErrorKind::refused:
    case ErrorKind::reset:
    case ErrorKind::permission:
        return 2;
    case ErrorKind::timeout:
        return 3;
    default:
        return 4;
    }
}

void keep_more_telling(std::optional<core::Error>& kept, core::Error error) {
    if (!kept || telling(error) < telling(*kept)) kept = std::move(error);
}

/// The names of a DSN that are being looked up, by their place; nothing where there is no name.
using Lookups = std::vector<std::optional<net::Lookup>>;

Lookups start_lookups(const PgTarget& target) {
    Lookups lookups;
    for (const auto& host : target.hosts) {
        const bool named = !host.is_socket() && host.hostaddr.empty();
        lookups.emplace_back(named ? std::optional{net::Lookup::start(host.host)} : std::nullopt);
    }
    return lookups;
}

/// Returns how long one name may be waited for, with `left` of `all` still to come: a name that
/// hangs leaves time for those after it, and for connecting.
core::Deadline patience(core::Deadline deadline, std::ptrdiff_t left, std::ptrdiff_t all) {
    return all < 2 ? deadline : deadline.within(deadline.remaining() / (left + 1));
}

std::vector<LoginWay> ways_to(const PgTarget& target, core::Deadline deadline,
                              const std::stop_token& stop, std::optional<core::Error>& trouble) {
    const auto lookups = start_lookups(target);
    const auto all = std::ssize(target.hosts);
    std::vector<LoginWay> ways;
    for (std::ptrdiff_t i = 0; i < all; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const auto& host = target.hosts[at];
        if (!lookups[at]) {
            ways.push_back({host, host.hostaddr});
            continue;
        }
        const auto ips = lookups[at]->wait(patience(deadline, all - i, all), stop);
        if (!ips) keep_more_telling(trouble, ips.error());
        if (!ips) continue;
        for (const auto& ip : *ips)
            ways.push_back({host, ip});
    }
    return ways;
}

} // namespace

core::Result<PgConnection> pg_connect(const PgTarget& target, core::Deadline deadline,
                                      const std::stop_token& stop) {
    std::optional<core::Error> trouble;
    const auto ways = ways_to(target, deadline, stop, trouble);
    for (std::size_t i = 0; i < ways.size(); ++i) {
        const auto share = deadline.remaining() / static_cast<long>(ways.size() - i);
        auto connection =
            connect_one(target, ways[i].host, ways[i].hostaddr, deadline.within(share), stop);
        if (connection) return connection;
        keep_more_telling(trouble, connection.error());
        if (!worth_another_try(connection.error().kind)) break;
    }
    if (!trouble)
        trouble = pg_failure(ErrorKind::unreachable, Phase::dns, "the DSN names no server");
    return std::unexpected(*std::move(trouble));
}

} // namespace probe
