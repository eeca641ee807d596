// SPDX-License-Identifier: MIT
#include "probe/postgres.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"
#include "probe/detached.hpp"
#include "probe/pg_certificate.hpp"
#include "probe/pg_facts.hpp"
#include "probe/pg_session.hpp"
#include "probe/pg_target.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <vector>

namespace probe {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int k_oldest = 100000;

core::Error too_old(int version) {
    core::Error error;
    error.kind = core::ErrorKind::protocol;
    error.reason = version <= 0 ? "the server tells no version"
                                : fmt::format("PostgreSQL {}.{} is older than 10", version / 10000,
                                              version / 100 % 100);
    error.hint = "PostgreSQL 10 and later can be observed";
    error.phase = core::Phase::login;
    return error;
}

core::Result<facts::Postgres> observe(const PgTarget& server, core::Deadline deadline,
                                      const std::stop_token& stop) {
    const auto began = Clock::now();
    auto connected = PgSession::connect(server, deadline, stop);
    if (!connected)
        return std::unexpected(
            explain_certificate(std::move(connected).error(), server, deadline, stop));
    auto session = *std::move(connected);
    facts::Postgres facts;
    facts.connect = core::since(began);
    facts.version = session.version();
    if (facts.version < k_oldest) return std::unexpected(too_old(facts.version));

    // Asked before any transaction of our own, since those are read-only by our wish.
    const auto asked = Clock::now();
    TRY_ASSIGN(const auto read_only,
               session.query("SELECT current_setting('transaction_read_only')"));
    facts.query = core::since(asked);
    facts.read_only = !read_only.empty() && !read_only[0].empty() && read_only[0][0] == "on";

    std::vector<std::string> statements;
    for (const auto& question : pg_questions())
        statements.emplace_back(question.sql);
    const auto answers = session.query_all(statements);
    // What was heard before the conversation broke off is not all there is to hear.
    if (session.broken()) return std::unexpected(*session.broken());
    TRY(apply_pg_answers(answers, facts));
    return facts;
}

} // namespace

core::Result<facts::Postgres> observe_postgres(
    const config::Postgres& target,
    // NOLINTNEXTLINE(performance-unnecessary-value-param): every probe takes its stop by value
    core::Deadline deadline, std::stop_token stop) {
    const auto began = Clock::now();
    const auto server = parse_pg_target(target);
    if (!server) {
        auto error = server.error();
        error.where = core::printable(target.name); // a secret may stand anywhere in such a DSN
        return std::unexpected(std::move(error));
    }
    // libpq computes in one piece what a hostile server asks for (the rounds of SCRAM), and its
    // Kerberos may look for a key server: neither can be stopped, so the conversation can be left.
    auto facts = run_detached<facts::Postgres>(
        core::mask_dsn(target.dsn),
        [server = *server, deadline, stop] { return observe(server, deadline, stop); }, deadline,
        stop);
    if (facts) return facts;
    auto error = std::move(facts).error();
    error.what = "asking Postgres";
    error.where = core::printable(core::mask_dsn(target.dsn));
    if (error.phase == core::Phase::none) error.phase = core::Phase::login;
    if (error.elapsed.count() == 0) error.elapsed = core::since(began);
    return std::unexpected(std::move(error));
}

} // namespace probe
