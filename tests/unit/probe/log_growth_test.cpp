// SPDX-License-Identifier: MIT
#include "probe/log_growth.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace probe_log_growth_test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A log that is followed in a folder of its own.
class Growing {
  public:
    explicit Growing(std::uint64_t backlog = 1 << 20, const std::string& content = "") {
        std::string name = (fs::temp_directory_path() / "gallery-ops-grow.XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        m_folder = name;
        if (!content.empty()) append(content);
        m_thread =
            std::jthread([this, backlog](const std::stop_token& stop) { follow(backlog, stop); });
    }

    Growing(const Growing&) = delete;
    Growing& operator=(const Growing&) = delete;
    Growing(Growing&&) = delete;
    Growing& operator=(Growing&&) = delete;

    ~Growing() {
        m_thread.request_stop();
        m_thread.join();
        fs::remove_all(m_folder);
    }

    [[nodiscard]] fs::path path() const { return m_folder / "access.log"; }

    void append(const std::string& text) const { std::ofstream{path(), std::ios::app} << text; }

    /// Waits for what was read to be that; where it begins anew, there is a bar.
    [[nodiscard]] bool reads(const std::string& expected) { return becomes(m_text, expected); }

    /// Waits for what was last said of reading it.
    [[nodiscard]] bool says(const std::string& expected) { return becomes(m_problem, expected); }

    [[nodiscard]] std::string text() {
        const std::scoped_lock lock{m_mutex};
        return m_text;
    }

    [[nodiscard]] int outcomes() {
        const std::scoped_lock lock{m_mutex};
        return m_outcomes;
    }

  private:
    void follow(std::uint64_t backlog, const std::stop_token& stop) {
        probe::GrowthReader reader;
        reader.take = [this](std::string_view bytes) {
            const std::scoped_lock lock{m_mutex};
            m_text += bytes;
        };
        reader.begin_anew = [this] {
            const std::scoped_lock lock{m_mutex};
            m_text += '|';
        };
        reader.outcome = [this](const core::Result<void>& result) {
            const std::scoped_lock lock{m_mutex};
            m_problem = result ? "" : result.error().reason;
            ++m_outcomes;
        };
        probe::follow_log(path(), backlog, reader, stop);
    }

    bool becomes(const std::string& what, const std::string& expected) {
        for (int i = 0; i < 500; ++i) {
            {
                const std::scoped_lock lock{m_mutex};
                if (what == expected) return true;
            }
            std::this_thread::sleep_for(20ms);
        }
        return false;
    }

    fs::path m_folder{};
    std::mutex m_mutex{};
    std::string m_text{};
    std::string m_problem = "not looked at";
    int m_outcomes = 0;
    std::jthread m_thread{};
};

TEST_CASE("a log that grows is read to its end, and on") {
    Growing log{1 << 20, "one\n"};
    CHECK(log.reads("one\n"));
    log.append("tw");
    CHECK(log.reads("one\ntw"));
    log.append("o\n");
    CHECK(log.reads("one\ntwo\n"));
    CHECK(log.says(""));
}

TEST_CASE("of a long log only the end is read, from the beginning of a line") {
    Growing log{12, "first line\nsecond line\nthird\n"};
    CHECK(log.reads("third\n"));
}

TEST_CASE("a log is followed through its rotation by name") {
    Growing log{1 << 20, "old\n"};
    REQUIRE(log.reads("old\n"));
    log.append("last words\n");
    fs::rename(log.path(), log.path().string() + ".1");
    CHECK(log.says("No such file or directory"));
    log.append("new\n"); // makes the file anew
    CHECK(log.reads("old\nlast words\n|new\n"));
    CHECK(log.says(""));
}

TEST_CASE("that there is no file for a moment is not told") {
    Growing log{1 << 20, "old\n"};
    REQUIRE(log.reads("old\n"));
    REQUIRE(log.says(""));
    fs::rename(log.path(), log.path().string() + ".1");
    REQUIRE(log.reads("old\n|")); // it was noticed
    log.append("new\n");
    CHECK(log.reads("old\n|new\n"));
    CHECK(log.outcomes() == 1);
}

TEST_CASE("a log that is replaced at once loses no line") {
    Growing log{1 << 20, "old\n"};
    REQUIRE(log.reads("old\n"));
    std::ofstream{log.path().string() + ".new"} << "new\n";
    log.append("last words\n");
    fs::rename(log.path().string() + ".new", log.path());
    CHECK(log.reads("old\nlast words\n|new\n"));
}

TEST_CASE("a log that was emptied is read from its beginning") {
    Growing log{1 << 20, "a long first line\n"};
    REQUIRE(log.reads("a long first line\n"));
    fs::resize_file(log.path(), 0);
    log.append("new\n");
    CHECK(log.reads("a long first line\n|new\n"));
}

TEST_CASE("a log that is not there yet is waited for") {
    Growing log;
    REQUIRE(log.says("No such file or directory"));
    log.append("here\n");
    CHECK(log.reads("here\n"));
    CHECK(log.says(""));
}

TEST_CASE("what does not grow is refused") {
    Growing packed{1 << 20, std::string{"\x1f\x8b\x08\0 and more", 14}};
    CHECK(packed.says("no plain file, so nothing is appended to it"));
    CHECK(packed.text().empty());
}

} // namespace
} // namespace probe_log_growth_test
