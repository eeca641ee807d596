// SPDX-License-Identifier: MIT
#include "probe/pg_session.hpp"

#include "probe/pg_error.hpp"
#include "probe/pg_login.hpp"
#include "probe/pg_waiting.hpp"
#include "probe/socket_guard.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

namespace probe {
namespace {

using core::ErrorKind;
using core::Phase;

struct FreeResult {
    void operator()(PGresult* result) const { PQclear(result); }
};

using PgAnswer = std::unique_ptr<PGresult, FreeResult>;

constexpr int k_most_rows = 1000;

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
    PgConnection connection{};
    PgWaiting waiting;
    core::Secret password{};
    SocketGuard guard;        ///< ends before the connection does
    bool out_of_step = false; ///< the pipeline's answers can't be told apart any more
    std::optional<core::Error> broken{};

    core::Error lost() const {
        if (guard.exceeded()) return pg_too_much(Phase::query);
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
    core::Result<PgAnswer> next() {
        while (PQisBusy(connection.get()) != 0) {
            TRY(waiting.wait(connection.get(), net::Wanted::read, Phase::query));
            if (PQconsumeInput(connection.get()) == 0) return std::unexpected(lost());
        }
        return PgAnswer{PQgetResult(connection.get())};
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
        pg_failure(ErrorKind::protocol, Phase::query, "the answers don't fit the questions"));
}

PgSession::PgSession(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

PgSession::PgSession(PgSession&&) noexcept = default;
PgSession& PgSession::operator=(PgSession&&) noexcept = default;
PgSession::~PgSession() = default;

core::Result<PgSession> PgSession::connect(const PgTarget& target, core::Deadline deadline,
                                           const std::stop_token& stop) {
    TRY_ASSIGN(auto connection, pg_connect(target, deadline, stop));
    const int socket = PQsocket(connection.get());
    return PgSession{
        std::unique_ptr<Impl>{new Impl{.connection = std::move(connection),
                                       .waiting = PgWaiting{deadline, stop},
                                       .password = target.password,
                                       .guard = SocketGuard{socket, k_pg_most_bytes}}}};
}

int PgSession::version() const {
    return PQserverVersion(m_impl->connection.get());
}

const std::optional<core::Error>& PgSession::broken() const {
    return m_impl->broken;
}

core::Result<PgRows> PgSession::query(const std::string& sql) {
    auto& impl = *m_impl;
    impl.waiting.began = std::chrono::steady_clock::now();
    if (PQsendQuery(impl.connection.get(), sql.c_str()) == 0) return std::unexpected(impl.lost());
    TRY(impl.flush());
    core::Result<PgRows> rows =
        std::unexpected(pg_failure(ErrorKind::protocol, Phase::query, "no rows came"));
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
        pg_failure(ErrorKind::protocol, Phase::query, "the answers don't fit the question"));
}

std::vector<core::Result<PgRows>> PgSession::query_all(std::span<const std::string> sql) {
    auto& impl = *m_impl;
    impl.waiting.began = std::chrono::steady_clock::now();
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
