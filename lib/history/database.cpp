// SPDX-License-Identifier: MIT
#include "history/database.hpp"

#include "history/schema.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace history {

namespace fs = std::filesystem;

struct Database::Held {
    fs::path file{};
    Limits limits{};
    sqlite3* handle = nullptr;

    [[nodiscard]] bool over() const {
        return limits.deadline.passed() || limits.stop.stop_requested();
    }

    Held() = default;
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

    ~Held() { (void)sqlite3_close_v2(handle); }
};

namespace {

constexpr int k_longest_value = 1 << 20;                     ///< bytes; we write far less
constexpr std::string_view k_ceiling = "262144";             ///< pages of 4 KiB: 1 GiB
constexpr int k_steps_between_looks = 2000;                  ///< of SQLite's machine
constexpr std::chrono::milliseconds k_between_lock_tries{5}; ///< while another writes

core::Error system_error(int code, const fs::path& file, std::string_view what) {
    core::Error error{.what = std::string{what}, .where = file.string()};
    error.kind = code == EACCES || code == EPERM || code == EROFS ? core::ErrorKind::permission
                 : code == ENOENT || code == ENOTDIR              ? core::ErrorKind::missing
                                                                  : core::ErrorKind::observer;
    error.reason = std::generic_category().message(code);
    if (code == ENOENT)
        error.hint = fmt::format("make its folder: mkdir -p -m 700 {}",
                                 file.parent_path().empty() ? "." : file.parent_path().string());
    return error;
}

/// SQLite would wait for ever at a pipe and write over a device.
core::Result<void> check_kind(const fs::path& file) {
    struct stat info{};
    if (::stat(file.c_str(), &info) != 0) {
        if (errno == ENOENT) return {};
        return std::unexpected(system_error(errno, file, "open the history"));
    }
    if (S_ISREG(info.st_mode)) return {};
    return std::unexpected(
        core::Error{.kind = core::ErrorKind::protocol,
                    .what = "open the history",
                    .where = file.string(),
                    .reason = S_ISDIR(info.st_mode) ? "it is a folder" : "it is no regular file",
                    .hint = "name a file: --history FILE"});
}

/// Makes the file with a mode of ours: SQLite's journals take the mode of their database.
core::Result<void> create_private(const fs::path& file) {
    const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (made >= 0) {
        ::close(made);
        return {};
    }
    if (errno == EEXIST) return {};
    return std::unexpected(system_error(errno, file, "make the history"));
}

template <class Held>
int wait_for_lock(void* given, int /*tries*/) {
    const auto& held = *static_cast<const Held*>(given);
    if (held.over()) return 0;
    std::this_thread::sleep_for(k_between_lock_tries);
    return 1;
}

template <class Held>
int must_end(void* given) {
    return static_cast<const Held*>(given)->over() ? 1 : 0;
}

core::ErrorKind kind_of(int code) {
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return core::ErrorKind::timeout;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return core::ErrorKind::permission;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
        return core::ErrorKind::observer;
    case SQLITE_TOOBIG:
        return core::ErrorKind::too_large;
    default:
        return core::ErrorKind::protocol;
    }
}

std::string reason_of(int code, const char* message) {
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another process holds it locked";
    case SQLITE_INTERRUPT:
        return "it did not answer in time";
    case SQLITE_FULL:
        return "no space left";
    case SQLITE_CORRUPT:
        return "the file is damaged";
    case SQLITE_NOTADB:
        return "it is no SQLite database";
    default:
        return message;
    }
}

std::string hint_of(int code, const std::string& file) {
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "see who: fuser -v " + file;
    case SQLITE_FULL:
        return "make room, or keep less: gallery-ops history prune --older-than 30d";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return fmt::format("it is left as it is; to begin a new one: mv {} {}.broken", file, file);
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return "its folder and the file must be writable for this user, or name another: "
               "--history FILE";
    default:
        return {};
    }
}

} // namespace

Statement::Statement(const Database& database, sqlite3_stmt* handle)
    : m_database(&database), m_handle(handle) {}

Statement::Statement(Statement&& other) noexcept
    : m_database(other.m_database), m_handle(std::exchange(other.m_handle, nullptr)) {}

Statement::~Statement() {
    (void)sqlite3_finalize(m_handle);
}

core::Result<bool> Statement::start(std::initializer_list<Value> values) {
    (void)sqlite3_reset(m_handle);
    int at = 0;
    for (const auto& value : values) {
        ++at;
        int code = SQLITE_OK;
        if (const auto* whole = std::get_if<std::int64_t>(&value)) {
            code = sqlite3_bind_int64(m_handle, at, *whole);
        } else if (const auto* real = std::get_if<double>(&value)) {
            code = sqlite3_bind_double(m_handle, at, *real);
        } else if (const auto* text = std::get_if<std::string_view>(&value)) {
            // An empty view may point nowhere, which SQLite would read as NULL.
            code = sqlite3_bind_text64(m_handle, at, text->empty() ? "" : text->data(),
                                       text->size(), SQLITE_STATIC, SQLITE_UTF8);
        } else {
            code = sqlite3_bind_null(m_handle, at);
        }
        if (code != SQLITE_OK) return std::unexpected(m_database->error(code, "use the history"));
    }
    return next();
}

core::Result<bool> Statement::next() {
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return std::unexpected(m_database->error(code, "use the history"));
}

core::Result<void> Statement::run(std::initializer_list<Value> values) {
    TRY(start(values));
    (void)sqlite3_reset(m_handle); // an unfinished statement would keep the transaction open
    return {};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

bool Statement::is_text(int column) const {
    const int type = sqlite3_column_type(m_handle, column);
    return type == SQLITE_TEXT || type == SQLITE_BLOB;
}

bool Statement::is_whole(int column) const {
    return sqlite3_column_type(m_handle, column) == SQLITE_INTEGER;
}

std::int64_t Statement::whole(int column) const {
    return sqlite3_column_int64(m_handle, column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(m_handle, column);
}

std::string Statement::text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_handle, column));
    const int size = sqlite3_column_bytes(m_handle, column);
    return bytes == nullptr ? std::string{} : std::string{bytes, static_cast<std::size_t>(size)};
}

Database::Database(std::unique_ptr<Held> held) : m_held(std::move(held)) {}

Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

core::Result<Database> Database::open(const fs::path& file, Access access, const Limits& limits) {
    auto held = std::make_unique<Held>();
    // An absolute name keeps ":memory:" and "file:" from meaning anything but a file's name.
    std::error_code failed;
    held->file = fs::absolute(file, failed);
    if (failed || file.empty()) held->file = "/" / file;
    held->limits = limits;
    TRY(check_kind(held->file));
    if (access == Access::write) TRY(create_private(held->file));
    if (access == Access::read && ::access(held->file.c_str(), F_OK) != 0)
        return std::unexpected(core::Error{.kind = core::ErrorKind::missing,
                                           .what = "open the history",
                                           .where = held->file.string(),
                                           .reason = "there is none yet",
                                           .hint = "gallery-ops health writes it"});
    const int code = sqlite3_open_v2(held->file.c_str(), &held->handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    auto* handle = held->handle;
    Database database(std::move(held));
    if (code != SQLITE_OK) return std::unexpected(database.error(code, "open the history"));
    (void)sqlite3_busy_handler(handle, wait_for_lock<Held>, database.m_held.get());
    sqlite3_progress_handler(handle, k_steps_between_looks, must_end<Held>, database.m_held.get());
    // The file may have been made to harm: no triggers or functions hidden in a schema.
    (void)sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, k_longest_value);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    TRY(database.run("PRAGMA trusted_schema = OFF; PRAGMA synchronous = NORMAL"));
    TRY(bring_up_to_date(database, access));
    TRY(database.run(fmt::format("PRAGMA max_page_count = {}", k_ceiling).c_str()));
    return database;
}

core::Result<void> Database::run(const char* sql) const {
    const int code = sqlite3_exec(m_held->handle, sql, nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return {};
    return std::unexpected(error(code, "use the history"));
}

core::Result<Statement> Database::prepare(std::string_view sql) const {
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v2(m_held->handle, sql.data(), static_cast<int>(sql.size()),
                                        &handle, nullptr);
    if (code != SQLITE_OK) return std::unexpected(error(code, "use the history"));
    return Statement(*this, handle);
}

core::Result<std::int64_t> Database::number(std::string_view sql) const {
    TRY_ASSIGN(auto statement, prepare(sql));
    TRY_ASSIGN(const bool found, statement.start({}));
    return found ? statement.whole(0) : 0;
}

std::int64_t Database::changes() const {
    return sqlite3_changes(m_held->handle);
}

core::Error Database::error(int code, std::string_view what) const {
    core::Error error;
    error.kind = kind_of(code);
    if (m_held->limits.stop.stop_requested()) error.kind = core::ErrorKind::cancelled;
    error.what = what;
    error.where = m_held->file.string();
    error.reason = reason_of(code, m_held->handle == nullptr ? sqlite3_errstr(code)
                                                             : sqlite3_errmsg(m_held->handle));
    error.hint = hint_of(code, error.where);
    return error;
}

const fs::path& Database::file() const {
    return m_held->file;
}

core::Result<Transaction> Transaction::begin(const Database& database) {
    TRY(database.run("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : m_database(std::exchange(other.m_database, nullptr)) {}

Transaction::~Transaction() {
    // After a full disk SQLite may have rolled back by itself; a second time is a harmless error.
    if (m_database != nullptr) (void)m_database->run("ROLLBACK");
}

core::Result<void> Transaction::commit() {
    TRY(m_database->run("COMMIT"));
    m_database = nullptr;
    return {};
}

} // namespace history
