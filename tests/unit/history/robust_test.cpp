// SPDX-License-Identifier: MIT
// What may happen to the file: it is killed, filled, locked, damaged, foreign or from tomorrow.
#include "history/place.hpp"
#include "history/schema.hpp"
#include "unit/history/support.hpp"

#include <fstream>
#include <random>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace history_robust_test {

using namespace past;
using history::Access;
using history::Store;
using support::TempFolder;

namespace fs = std::filesystem;

namespace {

/// SQLite itself, to do what the store never would.
class Raw {
  public:
    explicit Raw(const fs::path& file) {
        REQUIRE(sqlite3_open(file.c_str(), &m_handle) == SQLITE_OK);
    }

    ~Raw() { (void)sqlite3_close(m_handle); }

    Raw(const Raw&) = delete;
    Raw& operator=(const Raw&) = delete;

    void run(const std::string& sql) {
        INFO(sql);
        REQUIRE(sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    }

    std::string text(const char* sql) {
        std::string found;
        const auto take = [](void* into, int, char** values, char**) {
            *static_cast<std::string*>(into) = values[0] == nullptr ? "" : values[0];
            return 0;
        };
        REQUIRE(sqlite3_exec(m_handle, sql, take, &found, nullptr) == SQLITE_OK);
        return found;
    }

  private:
    sqlite3* m_handle = nullptr;
};

/// Returns how many runs there are while others may be making the file.
std::size_t count_if_any(const fs::path& file) {
    const auto store = Store::open(file, Access::read, limits());
    const auto runs = store ? store->runs({}, 100'000) : std::unexpected(store.error());
    return runs ? runs->size() : 0;
}

report::Report large_run(core::Time time) {
    std::vector<core::Finding> findings;
    for (int i = 0; i < 100; ++i)
        findings.push_back(finding("health.f." + std::to_string(i), Verdict::ok, i));
    return run_at(time, std::move(findings));
}

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Neither reading nor writing is possible; the error names the file and a way out, and the file is
/// as it was.
core::Error refused(const fs::path& file) {
    const auto before = bytes_of(file);
    const auto reading = Store::open(file, Access::read, limits());
    const auto writing = Store::open(file, Access::write, limits());
    REQUIRE_FALSE(reading);
    REQUIRE_FALSE(writing);
    CHECK(writing.error().where == file.string());
    CHECK_FALSE(writing.error().reason.empty());
    CHECK_FALSE(writing.error().hint.empty());
    CHECK(bytes_of(file) == before);
    return writing.error();
}

/// Runs `work` in a child that writes to the file; returns its pid. The child never returns.
template <class Work>
pid_t child(Work work) {
    const pid_t pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid != 0) return pid;
    work();
    ::_exit(0);
}

int exit_status(pid_t pid) {
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    return status;
}

} // namespace

TEST_CASE("killed in the middle of writing, every run is there whole or not at all") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    std::mt19937 random(7);
    std::size_t before = 0;
    for (int round = 0; round < 6; ++round) {
        const pid_t pid = child([&] {
            for (int i = 0;; ++i) {
                auto store = Store::open(file, Access::write, limits());
                auto run = large_run(k_start + std::chrono::minutes{i});
                run.run_id += "-" + std::to_string(round); // a child counts from its parent's count
                if (store) (void)store->record(run, "0.1.0");
            }
        });
        // The first in any moment of its beginning, the others once they have written.
        const auto patience = std::chrono::steady_clock::now() + k_slack * 5;
        while (round > 0 && count_if_any(file) <= before
               && std::chrono::steady_clock::now() < patience)
            std::this_thread::sleep_for(10ms);
        std::this_thread::sleep_for(std::chrono::milliseconds{random() % 60});
        REQUIRE(::kill(pid, SIGKILL) == 0);
        CHECK(WIFSIGNALED(exit_status(pid)));

        const auto opened = Store::open(file, Access::write, limits());
        INFO((opened ? "" : core::describe(opened.error())));
        REQUIRE(opened);
        CHECK(Raw{file}.text("PRAGMA integrity_check") == "ok");
        const auto runs = must(opened->runs({}, 100'000));
        CHECK(runs.size() >= before);
        before = runs.size();
        for (std::size_t i = 0; i < runs.size(); i += 1 + runs.size() / 5)
            CHECK(must(opened->report_of(runs[i])).findings.size() == 100);
    }
    CHECK(before > 0);
}

TEST_CASE("several write at once, from the first moment of the file on") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    constexpr int k_writers = 3;
    constexpr int k_runs = 8;
    std::vector<pid_t> writers;
    for (int writer = 0; writer < k_writers; ++writer) {
        writers.push_back(child([&] {
            for (int i = 0; i < k_runs; ++i) {
                auto store = Store::open(file, Access::write, limits(k_slack * 5));
                if (!store) ::_exit(1);
                auto run = large_run(k_start + std::chrono::minutes{i});
                run.run_id += "-" + std::to_string(writer);
                if (!store->record(run, "0.1.0")) ::_exit(2);
            }
        }));
    }
    for (const auto writer : writers)
        CHECK(exit_status(writer) == 0);
    CHECK(count_runs(file) == k_writers * k_runs);
    CHECK(Raw{file}.text("PRAGMA integrity_check") == "ok");
}

TEST_CASE("a lock that stays is an error within the deadline, and reading goes on beside it") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    must(open(file).record(run_at(k_start, Verdict::ok), "0.1.0"));
    Raw other(file);
    other.run("BEGIN IMMEDIATE; DELETE FROM result");
    auto store = Store::open(file, Access::write, limits(300ms));
    REQUIRE(store);
    const auto began = std::chrono::steady_clock::now();
    const auto written = store->record(run_at(k_start + 1h, Verdict::ok), "0.1.0");
    CHECK(std::chrono::steady_clock::now() - began < 300ms + k_slack);
    REQUIRE_FALSE(written);
    CHECK(written.error().kind == core::ErrorKind::timeout);
    CHECK(written.error().reason == "another process holds it locked");
    CHECK(count_runs(file) == 1);
    other.run("ROLLBACK");
}

TEST_CASE("a stop ends the waiting") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    must(open(file).record(run_at(k_start, Verdict::ok), "0.1.0"));
    Raw other(file);
    other.run("BEGIN IMMEDIATE");
    std::stop_source stop;
    auto store = Store::open(file, Access::write, {core::Deadline::after(60s), stop.get_token()});
    REQUIRE(store);
    std::jthread stopper([&stop] {
        std::this_thread::sleep_for(50ms);
        stop.request_stop();
    });
    const auto began = std::chrono::steady_clock::now();
    const auto written = store->record(run_at(k_start + 1h, Verdict::ok), "0.1.0");
    CHECK(std::chrono::steady_clock::now() - began < k_slack);
    REQUIRE_FALSE(written);
    CHECK(written.error().kind == core::ErrorKind::cancelled);
}

TEST_CASE("no space left is an error, and what was there stays whole") {
    const TempFolder folder;
    const auto mounted = folder.path() / "small";
    fs::create_directory(mounted);
    if (::mount("none", mounted.c_str(), "tmpfs", 0, "size=400k") != 0) {
        WARN("skipped: this user may not mount a small file system");
        return;
    }
    const auto file = mounted / "history.db";
    std::optional<core::Error> error;
    std::size_t written = 0;
    for (int i = 0; i < 500 && !error; ++i) {
        auto store = Store::open(file, Access::write, limits());
        const auto done = store ? store->record(large_run(k_start + i * 1min), "0.1.0")
                                : std::unexpected(store.error());
        if (done)
            ++written;
        else
            error = done.error();
    }
    REQUIRE(error);
    INFO(core::describe(*error));
    CHECK(error->kind == core::ErrorKind::observer);
    CHECK(error->reason == "no space left");
    CHECK(written > 0);
    CHECK(count_runs(file) == written);
    CHECK(Raw{file}.text("PRAGMA integrity_check") == "ok");
    CHECK(::umount2(mounted.c_str(), MNT_DETACH) == 0);
}

TEST_CASE("a file that is damaged or no database is refused and left as it is") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    CHECK(refused(folder.write("text.db", std::string(5000, 'x'))).reason
          == "it is no SQLite database");
    must(open(file).record(large_run(k_start), "0.1.0"));
    const auto whole = bytes_of(file);
    auto header = whole;
    header.replace(0, 16, "SQLite format 9\0", 16);
    CHECK(refused(folder.write("header.db", header)).hint.find("mv ") != std::string::npos);
    // The schema's page is gone, the header is not.
    auto schema = whole;
    schema.replace(100, 3000, std::string(3000, '\x7f'));
    CHECK(refused(folder.write("schema.db", schema)).reason == "the file is damaged");
}

TEST_CASE("damage anywhere in the file is an error or has no effect, never a crash or a hang") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    for (int i = 0; i < 5; ++i)
        must(open(file).record(large_run(k_start + i * 1h), "0.1.0"));
    const auto whole = bytes_of(file);
    std::mt19937 random(11);
    int failed = 0;
    for (int round = 0; round < 60; ++round) {
        auto spoilt = whole;
        for (auto hits = 1 + random() % 40; hits > 0; --hits)
            spoilt[100 + random() % (spoilt.size() - 100)] = static_cast<char>(random());
        if (round % 10 == 0) spoilt.resize(spoilt.size() / 2);
        const auto copy = folder.write("spoilt.db", spoilt);
        auto store = Store::open(copy, Access::write, limits());
        if (!store) {
            ++failed;
            continue;
        }
        constexpr std::array<std::string_view, 1> k_families{"health."};
        const auto past = store->past(k_gallery, k_start + 24h, k_families);
        const auto runs = store->runs({}, 100);
        if (runs) {
            for (const auto& run : *runs)
                (void)store->report_of(run);
        }
        const auto written = store->record(large_run(k_start + 24h), "0.1.0");
        failed += past && runs && written ? 0 : 1;
        for (const char* suffix : {"-wal", "-shm"})
            fs::remove(copy.string() + suffix);
    }
    CHECK(failed > 10);
}

TEST_CASE("values that no version of ours wrote are read as something harmless") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    must(open(file).record(run_at(k_start, Verdict::ok), "0.1.0"));
    Raw{file}.run(
        "UPDATE run SET started_at = 9223372036854775807, duration = -5, verdict = 'fine', "
        "ok = -3; UPDATE finding SET since = -9e18, verdict = x'00ff'; "
        "UPDATE result SET value = x'00', duration = 'long', verdict = 'x'; "
        "UPDATE sample SET value = 9e999, verdict = ''");
    const auto store = open(file, Access::read);
    const auto runs = must(store.runs({}, 10));
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].verdict == Verdict::unknown);
    CHECK(runs[0].duration == 0ms);
    CHECK(runs[0].summary.ok == 0);
    CHECK(must(store.report_of(runs[0])).findings.at(0).verdict == Verdict::unknown);
    constexpr std::array<std::string_view, 1> k_families{"health."};
    CHECK(must(store.past(k_gallery, k_start + 1h, k_families)).standings.size() == 1);
}

TEST_CASE("another program's database is not touched") {
    const TempFolder folder;
    const auto file = folder.path() / "places.sqlite";
    Raw{file}.run("CREATE TABLE bookmarks (url TEXT)");
    CHECK(refused(file).reason == "it is a database of another program");
    Raw{file}.run("PRAGMA application_id = 42; PRAGMA user_version = 1");
    CHECK(refused(file).reason == "it is a database of another program");
}

TEST_CASE("a newer version's file is not touched") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    must(open(file).record(run_at(k_start, Verdict::ok), "0.1.0"));
    Raw{file}.run("PRAGMA user_version = 7");
    CHECK(refused(file).reason == "a newer gallery-ops wrote it (schema 7; this one knows 1)");
}

TEST_CASE("an empty file becomes ours when there is something to write") {
    const TempFolder folder;
    const auto file = folder.write("history.db", "");
    CHECK_FALSE(Store::open(file, Access::read, limits()));
    must(open(file).record(run_at(k_start, Verdict::ok), "0.1.0"));
    CHECK(count_runs(file) == 1);
    Raw raw(file);
    CHECK(raw.text("PRAGMA user_version") == std::to_string(history::k_schema_version));
    CHECK(raw.text("PRAGMA journal_mode") == "wal");
}

TEST_CASE("a place where no file can be is an error that says which") {
    const TempFolder folder;
    const auto plain = folder.write("plain", "x");
    fs::create_directory(folder.path() / "folder.db");
    REQUIRE(::mkfifo((folder.path() / "pipe.db").c_str(), 0600) == 0);
    for (const auto& file : {plain / "history.db", folder.path() / "folder.db",
                             folder.path() / "pipe.db", fs::path{"/proc/history.db"},
                             fs::path{"/dev/null"}, folder.path() / "nowhere/history.db"}) {
        INFO(file);
        const auto store = Store::open(file, Access::write, limits());
        REQUIRE_FALSE(store);
        CHECK(store.error().where == file.string());
        CHECK_FALSE(store.error().reason.empty());
    }
    CHECK_FALSE(history::make_folder_of(plain / "a/history.db"));
    CHECK_FALSE(history::make_folder_of("/proc/gallery-ops/history.db"));
}

TEST_CASE("a read-only file system can be read and not written") {
    const TempFolder folder;
    const auto mounted = folder.path() / "mounted";
    fs::create_directory(mounted);
    if (::mount("none", mounted.c_str(), "tmpfs", 0, "size=4m") != 0) {
        WARN("skipped: this user may not mount a file system");
        return;
    }
    const auto file = mounted / "history.db";
    must(open(file).record(run_at(k_start, Verdict::ok), "0.1.0"));
    REQUIRE(::mount("none", mounted.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=4m") == 0);
    auto store = Store::open(file, Access::write, limits());
    const auto written = store ? store->record(run_at(k_start + 1h, Verdict::ok), "0.1.0")
                               : std::unexpected(store.error());
    REQUIRE_FALSE(written);
    INFO(core::describe(written.error()));
    CHECK(written.error().kind == core::ErrorKind::permission);
    CHECK(::umount2(mounted.c_str(), MNT_DETACH) == 0);
}

TEST_CASE("the usual place is the state folder's, and only absolute ones count") {
    const auto place = [](const std::string& state, const std::string& home) {
        const auto file = history::default_file([&](const std::string& name) {
            const auto value = name == "HOME" ? home : name == "XDG_STATE_HOME" ? state : "";
            return value.empty() ? std::nullopt : std::optional{value};
        });
        return file ? file->string() : "";
    };
    CHECK(place("/state", "/home/me") == "/state/gallery-ops/history.db");
    CHECK(place("", "/home/me") == "/home/me/.local/state/gallery-ops/history.db");
    CHECK(place("state", "/home/me") == "/home/me/.local/state/gallery-ops/history.db");
    CHECK(place("", "").empty());
    CHECK(place("", "~").empty());

    const TempFolder folder;
    const auto file = folder.path() / "a/b/history.db";
    REQUIRE(history::make_folder_of(file));
    REQUIRE(history::make_folder_of(file));
    struct stat info{};
    REQUIRE(::stat((folder.path() / "a/b").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0700U);
    CHECK_FALSE(history::make_folder_of(folder.path() / "no-home/.local/state/gallery-ops/h.db"));
    CHECK_FALSE(fs::exists(folder.path() / "no-home"));
}

} // namespace history_robust_test
