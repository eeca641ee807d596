// SPDX-License-Identifier: MIT
//
// The watch as a person or a script meets it: the whole program under a real pseudo-terminal or a
// pipe, with looks that are made up.
#include "cli/program.hpp"
#include "cli/watch.hpp"
#include "core/deadline.hpp"
#include "support/catch.hpp"
#include "support/sample_reports.hpp"
#include "support/slack.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iterator>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <string>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <utmp.h>
#include <vector>

namespace watch_test {
namespace {

using namespace std::chrono_literals;

constexpr auto k_patience = 10s + k_slack;

/// What the looks of the child see; shared with it. A letter each: g good day, b bad day, a Engine
/// away, t throws, h hangs until it is stopped, x aborts.
std::atomic<char>& mood() {
    static auto* one = static_cast<std::atomic<char>*>(::mmap(nullptr, sizeof(std::atomic<char>),
                                                              PROT_READ | PROT_WRITE,
                                                              MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    return *one;
}

watch::Look look(const std::stop_token& stop) {
    const char now = mood();
    if (now == 't') throw std::runtime_error("the look went away");
    if (now == 'x') std::abort();
    while (now == 'h' && !stop.stop_requested())
        std::this_thread::sleep_for(1ms);
    watch::Look look;
    look.report = support::sample_report("bad_day");
    if (now != 'b' && now != 'a') {
        for (auto& finding : look.report.findings)
            finding.verdict = core::Verdict::ok;
    }
    look.engines = {{"unix:///run/docker.sock", now != 'a'}};
    look.requests = 42;
    return look;
}

int stare(cli::Context& context) {
    cli::WatchPlan plan;
    plan.interval = 50ms;
    plan.look = look;
    plan.explain = [](const std::string& id) { return "this is " + id + "\n"; };
    return cli::watch_on(context, plan);
}

cli::Run bind_stare(CLI::App& /*app*/) {
    return stare;
}

const cli::Command k_stare{"stare", "look again and again", "", {}, bind_stare};
constexpr std::array<const cli::Command*, 1> k_table{&k_stare};

using Variables = std::vector<std::pair<const char*, const char*>>;

[[noreturn]] void run_child(const std::vector<std::string>& arguments, const Variables& variables) {
    for (const char* name : {"NO_COLOR", "LC_ALL", "LC_CTYPE", "COLUMNS"})
        ::unsetenv(name);           // NOLINT(concurrency-mt-unsafe): the child has one thread
    ::setenv("TERM", "xterm", 1);   // NOLINT(concurrency-mt-unsafe)
    ::setenv("LANG", "C.UTF-8", 1); // NOLINT(concurrency-mt-unsafe)
    for (const auto& [name, value] : variables)
        ::setenv(name, value, 1); // NOLINT(concurrency-mt-unsafe)
    // The test framework has handlers of its own, and who started the tests may ignore some
    // (nohup).
    for (const int signal : {SIGSEGV, SIGABRT, SIGTERM, SIGINT, SIGQUIT, SIGFPE, SIGILL, SIGHUP,
                             SIGTSTP, SIGTTIN, SIGTTOU})
        ::signal(signal, SIG_DFL);
    ::signal(SIGPIPE, SIG_IGN);
    std::vector<std::string> words{"stare"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    ::_exit(cli::run_program(words, k_table, cli::process_surroundings()));
}

/// As much of a terminal as the watch needs: where the cursor is, what stands where, which screen.
class Emulator {
  public:
    void feed(std::string_view bytes) {
        m_rest += bytes;
        std::size_t at = 0;
        while (at < m_rest.size()) {
            const std::size_t used = take(std::string_view{m_rest}.substr(at));
            if (used == 0) break;
            at += used;
        }
        m_rest.erase(0, at);
    }

    [[nodiscard]] std::string line(std::size_t row) const {
        return row < m_lines.size() ? m_lines[row] : std::string{};
    }

    [[nodiscard]] bool shows(std::string_view text) const {
        for (const auto& line : m_lines) {
            if (line.find(text) != std::string::npos) return true;
        }
        return false;
    }

    bool alternate = false;
    bool cursor = true;
    bool wraps = true;
    bool colours = false; ///< whether any colour was ever set

  private:
    std::size_t take(std::string_view text) {
        if (text[0] != '\x1b') {
            if (text[0] != '\r' && text[0] != '\n') current() += text[0];
            return 1;
        }
        if (text.size() < 2) return 0;
        if (text[1] != '[') return 2;
        for (std::size_t end = 2; end < text.size(); ++end) {
            if (text[end] < 0x40) continue;
            control(text[end], std::string{text.substr(2, end - 2)});
            return end + 1;
        }
        return 0;
    }

    void control(char final_byte, const std::string& parameters) {
        if (final_byte == 'H')
            m_row = parameters.empty() ? 0 : static_cast<std::size_t>(std::stoi(parameters)) - 1;
        else if (final_byte == 'K')
            current().clear();
        else if (final_byte == 'J')
            m_lines.clear();
        else if (final_byte == 'm')
            colours = colours || parameters != "0";
        else if (parameters == "?1049")
            alternate = final_byte == 'h';
        else if (parameters == "?25")
            cursor = final_byte == 'h';
        else if (parameters == "?7")
            wraps = final_byte == 'h';
    }

    std::string& current() {
        if (m_lines.size() <= m_row) m_lines.resize(m_row + 1);
        return m_lines[m_row];
    }

    std::string m_rest{};
    std::vector<std::string> m_lines{};
    std::size_t m_row = 0;
};

/// The program in a terminal of its own.
class Session {
  public:
    explicit Session(char start, const std::vector<std::string>& arguments = {},
                     const Variables& variables = {}, winsize size = {24, 80, 0, 0}) {
        mood() = start;
        int slave = -1;
        REQUIRE(::openpty(&m_master, &slave, nullptr, nullptr, &size) == 0);
        ::fcntl(m_master, F_SETFD, FD_CLOEXEC);
        REQUIRE(::tcgetattr(m_master, &m_before) == 0);
        m_child = ::fork();
        REQUIRE(m_child >= 0);
        if (m_child == 0) {
            ::close(m_master);
            // NOLINTNEXTLINE(concurrency-mt-unsafe): the child has one thread
            if (::login_tty(slave) != 0) ::_exit(99);
            run_child(arguments, variables);
        }
        m_slave = slave; // kept open, so that what was written last can still be read
    }

    ~Session() {
        if (!m_ended) {
            ::kill(m_child, SIGKILL);
            ::waitpid(m_child, nullptr, 0);
        }
        ::close(m_slave);
        ::close(m_master);
    }

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void type(std::string_view keys) const {
        REQUIRE(::write(m_master, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
    }

    void kill(int signal) const { REQUIRE(::kill(m_child, signal) == 0); }

    void resize(unsigned short rows, unsigned short columns) const {
        const winsize size{rows, columns, 0, 0};
        REQUIRE(::ioctl(m_master, TIOCSWINSZ, &size) == 0);
    }

    /// Reads until the screen shows `text`.
    [[nodiscard]] bool comes(std::string_view text) {
        const auto until = core::Deadline::after(k_patience);
        while (!screen.shows(text)) {
            if (until.passed()) {
                WARN("not on the screen: " << text << "; first line: " << screen.line(0));
                return false;
            }
            read_some(20);
        }
        return true;
    }

    /// Waits for the end and returns the status of waitpid.
    [[nodiscard]] int wait_for_end() {
        const auto until = core::Deadline::after(k_patience);
        int status = 0;
        while (::waitpid(m_child, &status, WNOHANG) != m_child) {
            if (until.passed()) FAIL("the program does not end");
            read_some(10);
        }
        m_ended = true;
        read_some(0);
        return status;
    }

    [[nodiscard]] bool is_restored() const {
        termios now{};
        REQUIRE(::tcgetattr(m_master, &now) == 0);
        return !screen.alternate && screen.cursor && screen.wraps && now.c_lflag == m_before.c_lflag
               && now.c_iflag == m_before.c_iflag && now.c_oflag == m_before.c_oflag
               && now.c_cflag == m_before.c_cflag
               && std::equal(std::begin(now.c_cc), std::end(now.c_cc), std::begin(m_before.c_cc));
    }

    [[nodiscard]] bool is_raw() const {
        termios now{};
        REQUIRE(::tcgetattr(m_master, &now) == 0);
        return (now.c_lflag & (ICANON | ECHO)) == 0;
    }

    Emulator screen{};

  private:
    void read_some(int patience_ms) {
        std::array<char, 4096> buffer{};
        pollfd ready{m_master, POLLIN, 0};
        while (::poll(&ready, 1, patience_ms) == 1 && (ready.revents & POLLIN) != 0) {
            const ssize_t count = ::read(m_master, buffer.data(), buffer.size());
            if (count <= 0) return;
            screen.feed({buffer.data(), static_cast<std::size_t>(count)});
            patience_ms = 0;
        }
    }

    int m_master = -1;
    int m_slave = -1;
    pid_t m_child = -1;
    bool m_ended = false;
    termios m_before{};
};

bool exited(int status, int code) {
    return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

/// The program with its standard output in a pipe.
class Piped {
  public:
    explicit Piped(char start, const std::vector<std::string>& arguments = {},
                   const Variables& variables = {}) {
        mood() = start;
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        ::fcntl(ends[1], F_SETPIPE_SZ, 4096);
        m_child = ::fork();
        REQUIRE(m_child >= 0);
        if (m_child == 0) {
            ::dup2(ends[1], 1);
            ::close(ends[0]);
            ::close(ends[1]);
            run_child(arguments, variables);
        }
        ::close(ends[1]);
        m_out = ends[0];
    }

    ~Piped() {
        if (!m_ended) {
            ::kill(m_child, SIGKILL);
            ::waitpid(m_child, nullptr, 0);
        }
        close_reader();
    }

    Piped(const Piped&) = delete;
    Piped& operator=(const Piped&) = delete;

    [[nodiscard]] bool comes(std::string_view part) {
        const auto until = core::Deadline::after(k_patience);
        while (text.find(part) == std::string::npos && !until.passed())
            read_some();
        return text.find(part) != std::string::npos;
    }

    void read_for(std::chrono::milliseconds span) {
        const auto until = core::Deadline::after(span);
        while (!until.passed())
            read_some();
    }

    void close_reader() {
        if (m_out >= 0) ::close(m_out);
        m_out = -1;
    }

    void kill(int signal) const { ::kill(m_child, signal); }

    [[nodiscard]] int wait_for_end() {
        const auto until = core::Deadline::after(k_patience);
        int status = 0;
        while (::waitpid(m_child, &status, WNOHANG) != m_child) {
            if (until.passed()) FAIL("the program does not end");
            std::this_thread::sleep_for(5ms);
        }
        m_ended = true;
        return status;
    }

    std::string text{};

  private:
    void read_some() {
        std::array<char, 4096> buffer{};
        pollfd ready{m_out, POLLIN, 0};
        if (::poll(&ready, 1, 20) != 1) return;
        const ssize_t count = ::read(m_out, buffer.data(), buffer.size());
        if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    }

    int m_out = -1;
    pid_t m_child = -1;
    bool m_ended = false;
};

std::ptrdiff_t lines_of(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

} // namespace

TEST_CASE("a watch on a terminal draws the screen, follows keys, and gives the terminal back") {
    Session session('b');
    REQUIRE(session.comes("CRITICAL"));
    CHECK(session.is_raw());
    CHECK(session.screen.alternate);
    CHECK_FALSE(session.screen.cursor);
    CHECK(session.screen.colours);
    CHECK(session.comes("42 requests a look"));
    session.type("e");
    CHECK(session.comes("this is health."));
    session.type("q");
    CHECK(session.comes("q quit"));
    session.type("?");
    CHECK(session.comes("to the top, to the end"));
    session.type("\x1b");
    CHECK(session.comes("q quit"));
    session.type("/disk");
    CHECK(session.comes("/disk"));
    session.type("\r");
    CHECK(session.comes("only 'disk'"));
    session.type("s");
    CHECK(session.comes("by name"));
    session.type(" ");
    CHECK(session.comes("PAUSED"));
    session.type(" \x1b");
    mood() = 'g';
    CHECK(session.comes(" OK"));
    CHECK(session.comes("resolved"));
    session.type("q");
    CHECK(exited(session.wait_for_end(), 0));
    CHECK(session.is_restored());
}

TEST_CASE("the exit code of a watch is that of its last look") {
    Session session('b');
    REQUIRE(session.comes("CRITICAL"));
    session.type("q");
    CHECK(exited(session.wait_for_end(), 2));
}

TEST_CASE("a screen follows the size of its terminal, also during a look") {
    Session session('b');
    REQUIRE(session.comes("CRITICAL"));
    session.resize(10, 60);
    CHECK(session.comes("more below"));
    session.resize(5, 20);
    CHECK(session.comes("CRITICAL gallery"));
    mood() = 'h';
    session.resize(50, 200);
    CHECK(session.comes("looking now"));
    session.resize(40, 100);
    CHECK(session.comes("looking now"));
    session.type("q");
    CHECK(exited(session.wait_for_end(), 2));
    CHECK(session.is_restored());
}

TEST_CASE("whatever ends a watch, the terminal is as it was") {
    struct Row {
        const char* how;
        char start;
        int signal; ///< 0: the keys
        const char* keys;
        int code; ///< of the exit; negative: dies of that signal
    };

    for (const auto& row : std::vector<Row>{{"Ctrl-C", 'b', 0, "\x03", 130},
                                            {"Ctrl-C in a look", 'h', 0, "\x03", 130},
                                            {"SIGTERM", 'b', SIGTERM, "", 130},
                                            {"SIGHUP", 'b', SIGHUP, "", 130},
                                            {"Ctrl-\\", 'b', 0, "\x1c", -SIGQUIT},
                                            {"a crash", 'b', SIGSEGV, "", -SIGSEGV},
                                            {"SIGUSR1", 'b', SIGUSR1, "", -SIGUSR1}}) {
        INFO(row.how);
        Session session(row.start);
        REQUIRE(session.comes("q quit"));
        if (row.signal != 0)
            session.kill(row.signal);
        else
            session.type(row.keys);
        const int status = session.wait_for_end();
        if (row.code >= 0)
            CHECK(exited(status, row.code));
        else
            CHECK((WIFSIGNALED(status) && WTERMSIG(status) == -row.code));
        CHECK(session.is_restored());
    }
}

TEST_CASE("Ctrl-Z where no shell would wake the watch again does not stop it") {
    Session session('b');
    REQUIRE(session.comes("exit 2")); // the first look has ended
    for (int i = 0; i < 5; ++i)
        session.type("jjjj\x1akkkk\x1a");
    session.type("?");
    CHECK(session.comes("to the top, to the end"));
    CHECK(session.is_raw());
    session.type("qq");
    const int status = session.wait_for_end();
    INFO("status " << status);
    CHECK(exited(status, 2));
    CHECK(session.is_restored());
}

TEST_CASE("a look that throws or aborts gives the terminal back") {
    Session session('g');
    REQUIRE(session.comes("exit 0"));
    mood() = 't';
    CHECK(exited(session.wait_for_end(), 70));
    CHECK(session.is_restored());
    CHECK(session.screen.shows("the look went away"));
    Session aborted('g');
    REQUIRE(aborted.comes("exit 0"));
    mood() = 'x';
    const int status = aborted.wait_for_end();
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
    CHECK(aborted.is_restored());
}

TEST_CASE("a screen says that the Engine is away, and goes on when it is back") {
    Session session('g');
    REQUIRE(session.comes("exit 0"));
    mood() = 'a';
    CHECK(session.comes("reconnecting to unix:///run/docker.sock"));
    CHECK(session.comes("CRITICAL"));
    mood() = 'g';
    CHECK(session.comes(" OK"));
    CHECK_FALSE(session.screen.shows("reconnecting"));
    session.type("q");
    CHECK(exited(session.wait_for_end(), 0));
}

TEST_CASE("NO_COLOR and LANG=C hold for the screen") {
    Session session('b', {}, {{"NO_COLOR", "1"}, {"LANG", "C"}});
    REQUIRE(session.comes("> X postgres"));
    CHECK_FALSE(session.screen.colours);
    session.type("q");
    CHECK(exited(session.wait_for_end(), 2));
}

TEST_CASE("a terminal that can't be drawn on gets lines") {
    Session session('b', {}, {{"TERM", "dumb"}});
    REQUIRE(session.comes("initial"));
    CHECK_FALSE(session.screen.alternate);
    CHECK_FALSE(session.is_raw());
    session.type("\x03");
    CHECK(exited(session.wait_for_end(), 130));
}

TEST_CASE("in a pipe: the first state, then changes only") {
    Piped piped('b');
    REQUIRE(piped.comes("verdict   critical  gallery:"));
    const auto first = piped.text;
    CHECK(first.find("initial   critical  postgres: ") != std::string::npos);
    CHECK(first.find('\x1b') == std::string::npos);
    piped.read_for(500ms);
    CHECK(piped.text == first);
    mood() = 'g';
    REQUIRE(piped.comes("verdict   ok        gallery:"));
    CHECK(piped.text.find("resolved  ok        ") != std::string::npos);
    const auto second = piped.text;
    piped.read_for(300ms);
    CHECK(piped.text == second);
    piped.kill(SIGINT);
    CHECK(exited(piped.wait_for_end(), 130));
    CHECK(lines_of(piped.text) > 4);
}

TEST_CASE("a watch as ndjson: an object a change") {
    Piped piped('b', {"-o", "ndjson"});
    REQUIRE(piped.comes("\"type\":\"summary\""));
    CHECK(piped.text.find("\"change\":\"initial\"") != std::string::npos);
    mood() = 'g';
    CHECK(piped.comes("\"change\":\"resolved\""));
    piped.kill(SIGTERM);
    CHECK(exited(piped.wait_for_end(), 130));
}

TEST_CASE("a reader that goes away ends a watch quietly, with the code of the last look") {
    Piped piped('b');
    REQUIRE(piped.comes("verdict"));
    piped.close_reader();
    CHECK(exited(piped.wait_for_end(), 2));
}

TEST_CASE("a reader that does not read does not keep a watch from being stopped") {
    Piped piped('b', {"-o", "ndjson"});
    std::this_thread::sleep_for(1s); // the first state alone is more than the pipe takes
    piped.kill(SIGTERM);
    CHECK(exited(piped.wait_for_end(), 130));
    piped.read_for(100ms);
    CHECK_FALSE(piped.text.empty());
    CHECK_FALSE(piped.text.ends_with('\n')); // it was in the middle of a line
}

TEST_CASE("a deadline ends a watch; outputs with a file are rewritten, others need one") {
    const std::string file = "/tmp/gallery-ops-watch-" + std::to_string(::getpid()) + ".prom";
    Piped piped('g', {"--deadline", "1s", "-o", "prom=" + file});
    CHECK(exited(piped.wait_for_end(), 0));
    piped.read_for(50ms);
    CHECK(piped.text.empty()); // only what was asked for is written
    CHECK(::access(file.c_str(), R_OK) == 0);
    ::unlink(file.c_str());
    Piped refused('g', {"-o", "json"});
    CHECK(exited(refused.wait_for_end(), 64));
}

} // namespace watch_test
