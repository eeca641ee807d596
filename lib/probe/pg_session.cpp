// SPDX-License-Identifier: MIT
#include "probe/pg_session.hpp"

#include "core/units.hpp"
#include "net/address.hpp"
#include "net/system.hpp"
#include "net/traffic.hpp"
#include "probe/pg_error.hpp"
#include "probe/socket_guard.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <sys/ioctl.h>
#include <utility>

namespace probe {
namespace {

using Clock = std::chrono::steady_clock;
using core::ErrorKind;
using core::Phase;

struct FinishConnection {
    // Never blocks: after the login the connection is non-blocking, before it nothing is sent.
    void operator()(PGconn* connection) const { PQfinish(connection); }
};

struct FreeResult {
    void operator()(PGresult* result) const { PQclear(result); }
};

using Connection = std::unique_ptr<PGconn, FinishConnection>;
using Answer = std::unique_ptr<PGresult, FreeResult>;

/// More than any answer to our questions can take, over the whole conversation.
constexpr std::size_t k_most_bytes = std::size_t{8} << 20;
constexpr int k_most_rows = 1000;

core::Error failure(ErrorKind kind, Phase phase, std::string reason) {
    core::Error error;
    error.kind = kind;
    error.phase = phase;
    error.reason = std::move(reason);
    return error;
}

core::Error too_much(Phase phase) {
    return failure(ErrorKind::too_large, phase, "the server sends more than any answer can take");
}

std::chrono::microseconds since(Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

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

std::string_view silence(Phase phase) {
    if (phase == Phase::connect) return "no answer to the connection attempt";
    if (phase == Phase::tls) return "no TLS handshake";
    return phase == Phase::query ? "no answer to the query" : "no answer";
}

std::string_view hint_for(Phase phase) {
    if (phase == Phase::connect) return "the host may be down, or a firewall drops the packets";
    if (phase == Phase::tls) return "is it a PostgreSQL that listens there, and does it hang?";
    return "the server takes connections and does not answer: it may hang, be paused or overloaded";
}

/// What every wait needs: until when, and how much has come so far.
struct Waiting {
    core::Deadline deadline;
    std::stop_token stop{};
    Clock::time_point began = Clock::now();
    std::size_t bytes = 0;
    std::optional<std::chrono::microseconds> connected{}; ///< during the login: since when

    [[nodiscard]] core::Error timed_out(Phase phase) const {
        const auto waited = since(began);
        auto error =
            failure(ErrorKind::timeout, phase,
                    fmt::format("{} in {}", silence(phase), core::format_duration(waited)));
        if (connected)
            error.reason += fmt::format(" (connected after {})", core::format_duration(*connected));
        error.elapsed = waited;
        error.hint = hint_for(phase);
        return error;
    }

    /// Waits until the connection's socket is ready for `wanted`.
    core::Result<void> wait(const PGconn* connection, net::Wanted wanted, Phase phase) {
        const int fd = PQsocket(connection);
        if (fd < 0) return std::unexpected(failure(ErrorKind::reset, phase, "connection lost"));
        const auto ready = net::wait_ready(fd, wanted, deadline, stop);
        if (ready == net::Ready::cancelled || stop.stop_requested())
            return std::unexpected(net::cancelled_error(phase));
        // A server that never stops talking keeps its socket ready for ever.
        if (ready == net::Ready::timeout || deadline.passed())
            return std::unexpected(timed_out(phase));
        int pending = 0;
        if (::ioctl(fd, FIONREAD, &pending) == 0 && pending > 0)
            bytes += static_cast<std::size_t>(pending);
        if (bytes > k_most_bytes) return std::unexpected(too_much(phase));
        return {};
    }
};

core::Result<Connection> start(const PgTarget& target, const PgHost& host,
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
    Connection connection{PQconnectStartParams(keys.data(), values.data(), 0)};
    if (!connection) return std::unexpected(net::shortage_error(Phase::connect));
    net::count_request();
    PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE); // the SQLSTATE stands only there
    PQsetNoticeProcessor(connection.get(), ignore_notice, nullptr);
    return connection;
}

core::Result<Connection> connect_one(const PgTarget& target, const PgHost& host,
                                     const std::string& hostaddr, core::Deadline deadline,
                                     const std::stop_token& stop) {
    Waiting waiting{deadline, stop};
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
        if (phase != Phase::connect && !waiting.connected) waiting.connected = since(waiting.began);
        TRY(waiting.wait(connection.get(), wanted, phase));
        step = PQconnectPoll(connection.get());
    }
    if (PQsetnonblocking(connection.get(), 1) != 0)
        return std::unexpected(failure(ErrorKind::reset, Phase::login, "connection lost"));
    return connection;
}

/// One way to a server: a host of the DSN and, over TCP, one of its addresses.
struct Way {
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

std::vector<Way> ways_to(const PgTarget& target, core::Deadline deadline,
                         const std::stop_token& stop, std::optional<core::Error>& trouble) {
    std::vector<Way> ways;
    for (const auto& host : target.hosts) {
        if (host.is_socket() || !host.hostaddr.empty()) {
            ways.push_back({host, host.hostaddr});
            continue;
        }
        const auto addresses = net::resolve(host.host, host.port, deadline, stop);
        if (!addresses) keep_more_telling(trouble, addresses.error());
        if (!addresses) continue;
        for (const auto& address : *addresses)
            ways.push_back({host, address.ip});
    }
    return ways;
}

PgRows rows_of(const PGresult* result) {
    PgRows rows;
    const int count = std::min(PQntuples(result), k_most_rows);
    for (int row = 0; row < count; ++row) {
        auto& cells = rows.emplace_back();
        for (int column = 0; column < PQnfields(result); ++column) {
            if (PQgetisnull(result, row, column) != 0) {
                cells.emplace_back(std::nullopt);
            } else {
                cells.emplace_back(
                    std::string{PQgetvalue(result, row, column),
                                static_cast<std::size_t>(PQgetlength(result, row, column))});
            }
        }
    }
    return rows;
}

} // namespace

struct PgSession::Impl {
    Connection connection{};
    Waiting waiting;
    core::Secret password{};
    SocketGuard guard;        ///< ends before the connection does
    bool out_of_step = false; ///< the pipeline's answers can't be told apart any more
    std::optional<core::Error> broken{};

    core::Error lost() const {
        if (guard.exceeded()) return too_much(Phase::query);
        auto error = pg_connect_error(PQerrorMessage(connection.get()), password);
        error.phase = Phase::query;
        return error;
    }

    core::Result<void> flush() {
        while (true) {
            const int left = PQflush(connection.get());
            if (left == 0) return {};
            if (left < 0) return std::unexpected(lost());
            TRY(waiting.wait(connection.get(), net::Wanted::write, Phase::query));
            if (PQconsumeInput(connection.get()) == 0) return std::unexpected(lost());
        }
    }

    /// Returns the next result, or an empty one at the end of a statement's results.
    core::Result<Answer> next() {
        while (PQisBusy(connection.get()) != 0) {
            TRY(waiting.wait(connection.get(), net::Wanted::read, Phase::query));
            if (PQconsumeInput(connection.get()) == 0) return std::unexpected(lost());
        }
        return Answer{PQgetResult(connection.get())};
    }

    core::Error error_of(const PGresult* result) const {
        const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        if (state == nullptr || text == nullptr) return lost();
        return pg_server_error(state, text, password, Phase::query);
    }

    /// Reads the answers to one statement of a pipeline with its transaction: results until the
    /// second sync; the one with rows is the statement's.
    core::Result<PgRows> read_one();

    bool send_one(const std::string& sql, long timeout_ms) {
        PGconn* to = connection.get();
        const auto send = [to](const char* text) {
            return PQsendQueryParams(to, text, 0, nullptr, nullptr, nullptr, nullptr, 0) != 0;
        };
        const auto limit = fmt::format("SET LOCAL statement_timeout = {}", timeout_ms);
        return send("BEGIN TRANSACTION READ ONLY") && send(limit.c_str()) && send(sql.c_str())
               && PQpipelineSync(to) != 0 && send("ROLLBACK") && PQpipelineSync(to) != 0;
    }
};

core::Result<PgRows> PgSession::Impl::read_one() {
    std::optional<PgRows> rows;
    std::optional<core::Error> error;
    constexpr int k_most_results = 32;
    int syncs = 0;
    out_of_step = true;
    for (int seen = 0; seen < k_most_results && syncs < 2; ++seen) {
        TRY_ASSIGN(const auto result, next());
        if (PQstatus(connection.get()) == CONNECTION_BAD) return std::unexpected(lost());
        if (!result) continue;
        switch (PQresultStatus(result.get())) {
        case PGRES_PIPELINE_SYNC:
            ++syncs;
            break;
        case PGRES_TUPLES_OK:
            rows = rows_of(result.get());
            break;
        case PGRES_COMMAND_OK:
        case PGRES_PIPELINE_ABORTED:
            break;
        default:
            if (!error) error = error_of(result.get());
            break;
        }
    }
    out_of_step = syncs < 2;
    if (error) return std::unexpected(*std::move(error));
    if (rows && !out_of_step) return *std::move(rows);
    return std::unexpected(
        failure(ErrorKind::protocol, Phase::query, "the answers don't fit the questions"));
}

PgSession::PgSession(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

PgSession::PgSession(PgSession&&) noexcept = default;
PgSession& PgSession::operator=(PgSession&&) noexcept = default;
PgSession::~PgSession() = default;

core::Result<PgSession> PgSession::connect(const PgTarget& target, core::Deadline deadline,
                                           const std::stop_token& stop) {
    std::optional<core::Error> trouble;
    const auto ways = ways_to(target, deadline, stop, trouble);
    for (std::size_t i = 0; i < ways.size(); ++i) {
        const auto share = deadline.remaining() / static_cast<long>(ways.size() - i);
        auto connection =
            connect_one(target, ways[i].host, ways[i].hostaddr, deadline.within(share), stop);
        if (connection) {
            const int socket = PQsocket(connection->get());
            return PgSession{
                std::unique_ptr<Impl>{new Impl{.connection = std::move(*connection),
                                               .waiting = Waiting{deadline, stop},
                                               .password = target.password,
                                               .guard = SocketGuard{socket, k_most_bytes}}}};
        }
        keep_more_telling(trouble, connection.error());
        if (!worth_another_try(connection.error().kind)) break;
    }
    if (!trouble) trouble = failure(ErrorKind::unreachable, Phase::dns, "the DSN names no server");
    return std::unexpected(*std::move(trouble));
}

int PgSession::version() const {
    return PQserverVersion(m_impl->connection.get());
}

const std::optional<core::Error>& PgSession::broken() const {
    return m_impl->broken;
}

core::Result<PgRows> PgSession::query(const std::string& sql) {
    auto& impl = *m_impl;
    impl.waiting.began = Clock::now();
    if (PQsendQuery(impl.connection.get(), sql.c_str()) == 0) return std::unexpected(impl.lost());
    TRY(impl.flush());
    core::Result<PgRows> rows =
        std::unexpected(failure(ErrorKind::protocol, Phase::query, "no rows came"));
    constexpr int k_most_results = 8;
    for (int seen = 0; seen < k_most_results; ++seen) {
        TRY_ASSIGN(const auto result, impl.next());
        if (!result) return rows;
        if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) {
            rows = rows_of(result.get());
        } else {
            rows = std::unexpected(impl.error_of(result.get()));
        }
    }
    return std::unexpected(
        failure(ErrorKind::protocol, Phase::query, "the answers don't fit the question"));
}

std::vector<core::Result<PgRows>> PgSession::query_all(std::span<const std::string> sql) {
    auto& impl = *m_impl;
    impl.waiting.began = Clock::now();
    // The server should give up first: then it tells which statement was too slow.
    constexpr std::chrono::milliseconds k_margin{200};
    const auto left = impl.waiting.deadline.remaining();
    const auto limit =
        std::max<long>((left > 2 * k_margin ? left - k_margin : left / 2).count(), 1);
    bool sent = PQenterPipelineMode(impl.connection.get()) != 0;
    for (const auto& statement : sql)
        sent = sent && impl.send_one(statement, limit);
    core::Result<void> going{};
    if (!sent) going = std::unexpected(impl.lost());
    if (going) going = impl.flush();
    std::vector<core::Result<PgRows>> answers;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (!going) {
            answers.emplace_back(std::unexpected(going.error()));
            continue;
        }
        answers.push_back(impl.read_one());
        // A refused statement leaves the others as they are; a lost connection does not.
        if (impl.out_of_step) going = std::unexpected(answers.back().error());
    }
    if (!going) impl.broken = going.error();
    return answers;
}

} // namespace probe
