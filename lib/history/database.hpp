// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

struct sqlite3_stmt;

// SQLite behind the house's errors and deadlines. Only this folder includes it.

namespace history {

/// What an access may spend: waiting for a lock and every query end by it.
struct Limits {
    core::Deadline deadline = core::Deadline::after(std::chrono::seconds{5});
    std::stop_token stop{};
};

enum class Access : std::uint8_t { read, write };

/// A value to bind; a text must live until the statement was stepped.
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string_view>;

class Database;

/// A prepared statement. It must not outlive its database.
class Statement {
  public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    /// Starts again with these values and steps once: whether there is a row.
    [[nodiscard]] core::Result<bool> start(std::initializer_list<Value> values);

    /// Steps on: whether there is another row.
    [[nodiscard]] core::Result<bool> next();

    /// Runs a statement that returns no rows.
    [[nodiscard]] core::Result<void> run(std::initializer_list<Value> values);

    // Columns of the row, from 0; a value of another type is converted or empty.
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] bool is_text(int column) const;
    [[nodiscard]] bool is_whole(int column) const;
    [[nodiscard]] std::int64_t whole(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;

  private:
    friend class Database;
    Statement(const Database& database, sqlite3_stmt* handle);

    const Database* m_database;
    sqlite3_stmt* m_handle;
};

/// An open file of ours, with the schema that this version knows.
class Database {
  public:
    /// Opens `file`. `Access::write` creates it (mode 0600; its folder must exist) and brings its
    /// schema up to date; `Access::read` leaves a missing file missing (ErrorKind::missing).
    /// A damaged file, one of another program or of a newer version is an error and stays as it is.
    [[nodiscard]] static core::Result<Database> open(const std::filesystem::path& file,
                                                     Access access, const Limits& limits);

    Database(Database&&) noexcept;
    Database& operator=(Database&&) = delete;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    /// Runs statements that return no rows. Not for values from outside.
    [[nodiscard]] core::Result<void> run(const char* sql) const;

    /// As `sql` has to be a literal, a mistake in it is a mistake of ours: ErrorKind::protocol.
    [[nodiscard]] core::Result<Statement> prepare(std::string_view sql) const;

    /// Runs a query for one number; 0 when it has no row.
    [[nodiscard]] core::Result<std::int64_t> number(std::string_view sql) const;

    /// Returns how many rows the last statement changed.
    [[nodiscard]] std::int64_t changes() const;

    /// Returns the error for one of SQLite's result codes.
    [[nodiscard]] core::Error error(int code, std::string_view what) const;

    [[nodiscard]] const std::filesystem::path& file() const;

  private:
    struct Held;
    explicit Database(std::unique_ptr<Held> held);

    std::unique_ptr<Held> m_held;
};

/// A write transaction: rolled back unless committed.
class Transaction {
  public:
    [[nodiscard]] static core::Result<Transaction> begin(const Database& database);

    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    [[nodiscard]] core::Result<void> commit();

  private:
    explicit Transaction(const Database& database) : m_database(&database) {}

    const Database* m_database;
};

} // namespace history
