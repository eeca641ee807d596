// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "facts/postgres.hpp"
#include "probe/pg_session.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// One question to the server's own statistics.
struct PgQuestion {
    /// What becomes of the observation without an answer: it fails, or the subject is listed in
    /// `not_visible` and its `problem` told.
    enum class Need : std::uint8_t { required, optional };
    std::string_view subject{}; ///< "replication slots"
    Need need = Need::required;
    std::string_view sql{};
    void (*apply)(const PgRows&, facts::Postgres&) = nullptr;
    std::string facts::Postgres::* problem = nullptr; ///< where it is told why there is no answer
};

/// All questions, in the order in which they are sent; understood from version 10 on.
[[nodiscard]] std::span<const PgQuestion> pg_questions();

/// Fills in the facts from the answers to `pg_questions`, which come in their order. Errors: that
/// of the first required question without an answer.
[[nodiscard]] core::Result<void> apply_pg_answers(const std::vector<core::Result<PgRows>>& answers,
                                                  facts::Postgres& facts);

} // namespace probe
