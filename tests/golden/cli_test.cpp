// SPDX-License-Identifier: MIT
#include "cli/program.hpp"
#include "cli/surroundings.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "support/catch.hpp"
#include "support/sample_reports.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

namespace cli_test {

// The program as a whole, with commands made for the test and descriptors that it can read back.

namespace {

namespace fs = std::filesystem;

/// What the last run of the command `look` was given.
struct Seen {
    cli::GlobalOptions options{};
    std::optional<core::Duration> wait{};
    std::vector<std::string> names{};
    std::string colour{};
    bool inner = false;
};

Seen g_seen;

int look(cli::Context& context, const std::string& sample) {
    g_seen.options = context.options();
    if (sample == "usage") throw core::UsageError("no service 'postgre'; did you mean 'postgres'?");
    if (sample == "config") throw core::ConfigError("a.yaml:1:2: first\na.yaml:3:4: second");
    if (sample == "broken") throw std::runtime_error("vector went away");
    if (sample == "odd") throw 7; // NOLINT: anything may be thrown by a library
    if (sample == "signal") {
        ::kill(::getpid(), SIGTERM);
        while (!context.stop().stop_requested())
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    const bool named = sample != "signal" && !sample.empty();
    return context.emit(support::sample_report(named ? sample : "good_day"));
}

cli::Run bind_look(CLI::App& app) {
    auto sample = std::make_shared<std::string>();
    app.add_option("sample", *sample, "the report to show");
    cli::add_duration(app, "-w,--wait", g_seen.wait, "wait");
    cli::add_names(app, "--names", g_seen.names, "names");
    cli::add_choice(app, "--paint", g_seen.colour, {"red", "green"}, "a colour");
    app.add_subcommand("inner", "a command in a command")->callback([] { g_seen.inner = true; });
    return [sample](cli::Context& context) { return look(context, *sample); };
}

cli::Run bind_say(CLI::App& /*app*/) {
    return [](cli::Context& context) { return context.print("said\n"); };
}

constexpr std::array k_examples{cli::Example{"gallery-ops look bad_day", "a bad day"}};
const cli::Command k_look{"look", "look at something", "It looks.\n\nAnd tells.", k_examples,
                          bind_look};
const cli::Command k_say{"say", "say something", "", {}, bind_say};
constexpr std::array<const cli::Command*, 2> k_table{&k_look, &k_say};

/// A file in memory that collects what is written to it.
class Sink {
  public:
    Sink() : m_descriptor(::memfd_create("sink", MFD_CLOEXEC)) { REQUIRE(m_descriptor >= 0); }

    ~Sink() { ::close(m_descriptor); }

    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;

    [[nodiscard]] int get() const { return m_descriptor; }

    [[nodiscard]] std::string text() const {
        std::string all(static_cast<std::size_t>(::lseek(m_descriptor, 0, SEEK_END)), '\0');
        REQUIRE(::pread(m_descriptor, all.data(), all.size(), 0)
                == static_cast<ssize_t>(all.size()));
        return all;
    }

  private:
    int m_descriptor;
};

struct Outcome {
    int code = 0;
    std::string out{};
    std::string err{};
};

Outcome run(const std::vector<std::string>& arguments, int out_descriptor = -1) {
    g_seen = {};
    const Sink out;
    const Sink err;
    const std::map<std::string, std::string> variables{{"LANG", "C.UTF-8"}, {"COLUMNS", "100"}};
    cli::Surroundings around;
    around.env = [&variables](const std::string& name) -> std::optional<std::string> {
        const auto at = variables.find(name);
        return at == variables.end() ? std::nullopt : std::optional{at->second};
    };
    around.out = out_descriptor >= 0 ? out_descriptor : out.get();
    around.err = err.get();
    Outcome outcome;
    outcome.code = cli::run_program(arguments, k_table, around);
    outcome.out = out.text();
    outcome.err = err.text();
    return outcome;
}

fs::path scratch_file(const char* name) {
    const auto folder = fs::temp_directory_path() / ("gallery-ops-cli-" + std::to_string(getpid()));
    fs::create_directories(folder);
    return folder / name;
}

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("mistakes are one sentence with the nearest word, and exit 64") {
    struct Row {
        std::vector<std::string> arguments;
        std::string sentence;
        std::string help;
    };

    const std::string general = "see 'gallery-ops --help'";
    const std::string of_look = "see 'gallery-ops look --help'";
    const std::vector<Row> rows{
        {{}, "no command given", general},
        {{"lok"}, "no command 'lok'; did you mean 'look'?", general},
        {{"kubernetes"}, "no command 'kubernetes'", general},
        {{"look", "--tiemout", "5s"}, "no option '--tiemout'; did you mean '--timeout'?", of_look},
        {{"look", "--wiat=5s"}, "no option '--wiat'; did you mean '--wait'?", of_look},
        {{"look", "-Z"}, "no option '-Z'", of_look},
        {{"look", "good_day", "iner"},
         "'look' does not understand 'iner'; did you mean 'inner'?",
         of_look},
        {{"look", "--timeout"}, "--timeout needs a value", of_look},
        {{"look", "--timeout", "5x"},
         "'5x' is no duration for --timeout; write a number with its unit: 500ms, 5s, 10m, 4h, 7d",
         of_look},
        {{"look", "--timeout", "5"},
         "'5' is no duration for --timeout; write a number with its unit: 500ms, 5s, 10m, 4h, 7d",
         of_look},
        {{"look", "--deadline", "0s"}, "--deadline must be longer than '0s'", of_look},
        {{"look", "--wait", "soon"},
         "'soon' is no duration for --wait; write a number with its unit: 500ms, 5s, 10m, 4h, 7d",
         of_look},
        {{"look", "-o", "jsn"}, "no output format 'jsn'; did you mean 'json'?", of_look},
        {{"look", "-o", "json="}, "no file after '-o json='", of_look},
        {{"look", "-o", "json", "-o", "text"},
         "two outputs for standard output: 'json' and 'text'; give one of them a file, -o "
         "text=FILE",
         of_look},
        {{"look", "--fail-on", "crit"},
         "--fail-on does not know 'crit'; there are: warning, critical",
         of_look},
        {{"look", "--color", "allways"},
         "--color does not know 'allways'; did you mean 'always'?",
         of_look},
        {{"look", "--paint", "gren"},
         "--paint does not know 'gren'; did you mean 'green'?",
         of_look},
        {{"look", "--names", ","}, "--names names nothing", of_look},
        {{"look", "--config", ""}, "--config needs the name of a file", of_look},
        {{"look", "usage"}, "no service 'postgre'; did you mean 'postgres'?", of_look},
        {{"\x1b[2J"}, "no command '\\x1b[2J'", general},
    };
    for (const auto& row : rows) {
        const auto outcome = run(row.arguments);
        INFO(row.sentence);
        CHECK(outcome.code == 64);
        CHECK(outcome.out.empty());
        CHECK(outcome.err == "gallery-ops: " + row.sentence + "\ngallery-ops: " + row.help + "\n");
    }
}

TEST_CASE("global options are understood before and after the command") {
    const std::vector<std::vector<std::string>> lines{{"-c",
                                                       "f.yaml",
                                                       "--timeout",
                                                       "2s",
                                                       "--deadline=1m",
                                                       "--fail-on",
                                                       "critical",
                                                       "--allow-unknown",
                                                       "--component",
                                                       "a,b",
                                                       "--component",
                                                       "c",
                                                       "--only",
                                                       "x",
                                                       "--skip",
                                                       "y",
                                                       "--no-history",
                                                       "-v",
                                                       "--color",
                                                       "never",
                                                       "--no-progress",
                                                       "-o",
                                                       "json",
                                                       "look"},
                                                      {"look",
                                                       "--config=f.yaml",
                                                       "--timeout",
                                                       "2s",
                                                       "--deadline",
                                                       "1m",
                                                       "--fail-on=critical",
                                                       "--allow-unknown",
                                                       "--component",
                                                       "a",
                                                       "--component",
                                                       "b,c",
                                                       "--only=x",
                                                       "--skip",
                                                       "y",
                                                       "--no-history",
                                                       "--verbose",
                                                       "--color=never",
                                                       "--no-progress",
                                                       "-ojson"}};
    for (const auto& line : lines) {
        CHECK(run(line).code == 0);
        const auto& options = g_seen.options;
        CHECK(options.config == fs::path{"f.yaml"});
        CHECK(options.timeout == std::chrono::seconds{2});
        CHECK(options.deadline == std::chrono::minutes{1});
        CHECK(options.fail_on == core::FailOn::critical);
        CHECK(options.unknown == core::UnknownPolicy::allowed);
        CHECK(options.components == std::vector<std::string>{"a", "b", "c"});
        CHECK(options.only == std::vector<std::string>{"x"});
        CHECK(options.skip == std::vector<std::string>{"y"});
        CHECK_FALSE(options.history);
        CHECK(options.detail == report::Detail::verbose);
        CHECK(options.colour == cli::ColourMode::never);
        CHECK_FALSE(options.progress);
        REQUIRE(options.outputs.size() == 1);
        CHECK(options.outputs[0].format->name == "json");
    }
}

TEST_CASE("the history's file is named before or after the command, or there is none") {
    CHECK(run({"--history", "a.db", "look"}).code == 0);
    CHECK(g_seen.options.history_file == fs::path{"a.db"});
    CHECK(run({"look", "--history=a.db", "--history", "b.db"}).code == 0);
    CHECK(g_seen.options.history_file == fs::path{"b.db"});
    CHECK(run({"look"}).code == 0);
    CHECK_FALSE(g_seen.options.history_file);
    CHECK(g_seen.options.history);
    CHECK(run({"look", "--history", "a.db", "--no-history"}).code == core::k_exit_usage);
    CHECK(run({"look", "--history="}).code == core::k_exit_usage);
}

TEST_CASE("a format does not swallow the command, and a command's own options work") {
    const auto outcome = run({"-o", "json", "look", "bad_day", "-w", "5m", "--names", "a,b"});
    CHECK(outcome.code == 2);
    CHECK(outcome.out.starts_with("{"));
    CHECK(run({"look", "inner", "--wait", "1s", "--timeout", "3s"}).code == 0);
    CHECK(g_seen.inner);
}

TEST_CASE("the verdict decides the exit code, once") {
    struct Row {
        std::vector<std::string> arguments;
        int code = 0;
    };

    const std::vector<Row> rows{{{"look", "good_day"}, 0},
                                {{"look", "bad_day"}, 2},
                                {{"look", "bad_day", "--fail-on", "critical"}, 2},
                                {{"look", "all_skipped"}, 3},
                                {{"look", "nothing"}, 3},
                                {{"look", "unknowns"}, 130}, // it says that it was interrupted
                                {{"look", "unknowns", "-o", "nagios"}, 3},
                                {{"look", "bad_day", "-o", "nagios"}, 2},
                                {{"look", "signal"}, 130},
                                {{"look", "signal", "-o", "nagios"}, 3}};
    for (const auto& row : rows) {
        INFO(row.arguments[1] << " " << row.arguments.size());
        const auto outcome = run(row.arguments);
        CHECK(outcome.code == row.code);
        CHECK_FALSE(outcome.out.empty());
        CHECK(outcome.err.empty());
    }
}

TEST_CASE("other failures keep their code, and a Nagios always gets its line") {
    const auto config = run({"look", "config"});
    CHECK(config.code == 78);
    CHECK(config.err == "gallery-ops: a.yaml:1:2: first\ngallery-ops: a.yaml:3:4: second\n");
    CHECK(run({"look", "broken"}).code == 70);
    CHECK(run({"look", "odd"}).code == 70);
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"look", "config", "-o", "nagios"},
                                               {"-onagios", "look", "broken"},
                                               {"look", "odd", "--output=nagios"},
                                               {"look", "--output", "nagios", "--nonsense"},
                                               {"-o", "nagios"},
                                               {"-o", "nagios=-", "look", "usage"}}) {
        const auto outcome = run(arguments);
        CHECK(outcome.code == 3);
        CHECK(outcome.out.starts_with("GALLERY-OPS UNKNOWN - "));
        CHECK(std::ranges::count(outcome.out, '\n') == 1);
    }
}

TEST_CASE("outputs with a file go there, and only what was asked for is written") {
    const auto json = scratch_file("report.json");
    const auto xml = scratch_file("report.xml");
    const auto both =
        run({"look", "bad_day", "-o", "json=" + json.string(), "-o", "junit=" + xml.string()});
    CHECK(both.code == 2);
    CHECK(both.out.empty());
    CHECK(read(json).starts_with("{"));
    CHECK(read(xml).starts_with("<?xml"));
    const auto three = run({"look", "-o", "text", "-o", "prom=" + json.string()});
    CHECK(three.code == 0);
    CHECK(three.out.find("exit 0") != std::string::npos);
    CHECK(read(json).starts_with("# HELP"));
    fs::remove_all(json.parent_path());
}

TEST_CASE("what can't be written is never a success") {
    const auto lost = run({"look", "-o", "text", "-o", "json=/nowhere/at/all.json"});
    CHECK(lost.code == 70);
    CHECK(lost.err.find("/nowhere/at/all.json: No such file or directory") != std::string::npos);
    CHECK(lost.out.find("exit 70") != std::string::npos); // the findings are still shown
    const auto nagios = run({"look", "-o", "nagios", "-o", "json=/nowhere/at/all.json"});
    CHECK(nagios.code == 3);
    CHECK(nagios.out.starts_with("GALLERY-OPS UNKNOWN - "));
    CHECK(std::ranges::count(nagios.out, '\n') == 1);

    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {"look"}, {"say"}, {"--help"}, {"--version"}, {"look", "-o", "json"}}) {
        const auto outcome = run(arguments, full);
        CHECK(outcome.code == 70);
        CHECK(outcome.err.find("No space left on device") != std::string::npos);
    }
    CHECK(run({"look", "-o", "nagios"}, full).code == 3);
    ::close(full);
}

TEST_CASE("a reader that went away is no failure") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    ::close(ends[0]);
    const auto outcome = run({"look", "bad_day"}, ends[1]);
    CHECK(outcome.code == 2);
    CHECK(outcome.err.empty());
    ::close(ends[1]);
}

TEST_CASE("help and version") {
    CHECK(run({"--version"}).out == "gallery-ops " GALLERY_OPS_VERSION "\n");
    CHECK(run({"look", "--version"}).code == 0);
    const auto general = run({"--help"});
    CHECK(general.code == 0);
    for (const char* word : {"look at something", "-o, --output FORMAT[=FILE]", "130", "--version"})
        CHECK(general.out.find(word) != std::string::npos);
    const auto look = run({"look", "-h"});
    CHECK(look.out.find("gallery-ops look bad_day") != std::string::npos);
    CHECK(look.out.find("--paint red|green") != std::string::npos);
    CHECK(look.out.find("a command in a command") != std::string::npos);
    CHECK(run({"look", "inner", "--help"}).out.find("look inner") != std::string::npos);
    CHECK(run({"--help", "look"}).out == look.out);
    for (const auto& outcome : {general, look}) {
        for (const auto line : core::split(outcome.out, '\n'))
            CHECK(core::display_width(line) <= 100);
    }
}

TEST_CASE("width, character set and colour follow the surroundings") {
    using report::Charset;
    using report::Colour;
    std::map<std::string, std::string> variables;
    cli::Surroundings around;
    around.env = [&variables](const std::string& name) -> std::optional<std::string> {
        const auto at = variables.find(name);
        return at == variables.end() ? std::nullopt : std::optional{at->second};
    };
    CHECK(cli::choose_width({true, 132, 24}, around) == 132);
    CHECK(cli::choose_width({true, 0, 24}, around) == 80);
    CHECK(cli::choose_width({true, 999, 24}, around) == 200);
    CHECK(cli::choose_width({true, 5, 24}, around) == 40);
    variables["COLUMNS"] = "120";
    CHECK(cli::choose_width({}, around) == 120);
    CHECK(cli::choose_width({true, 90, 24}, around) == 90);
    for (const char* odd : {"", "x", "12x", "-5", "99999999999999999999999"}) {
        variables["COLUMNS"] = odd;
        CHECK(cli::choose_width({}, around) == 80);
    }

    CHECK(cli::choose_charset(around) == Charset::ascii);
    variables["LANG"] = "de_CH.UTF-8";
    CHECK(cli::choose_charset(around) == Charset::utf8);
    variables["LC_CTYPE"] = "C";
    CHECK(cli::choose_charset(around) == Charset::ascii);
    variables["LC_ALL"] = "C.utf8";
    CHECK(cli::choose_charset(around) == Charset::utf8);
    variables["LC_ALL"] = "";
    CHECK(cli::choose_charset(around) == Charset::ascii);

    const cli::Terminal screen{true, 80, 24};
    CHECK(cli::choose_colour(cli::ColourMode::automatic, screen, around) == Colour::off);
    variables["TERM"] = "xterm-256color";
    CHECK(cli::choose_colour(cli::ColourMode::automatic, screen, around) == Colour::on);
    CHECK(cli::choose_colour(cli::ColourMode::automatic, {}, around) == Colour::off);
    CHECK(cli::choose_colour(cli::ColourMode::always, {}, around) == Colour::on);
    CHECK(cli::choose_colour(cli::ColourMode::never, screen, around) == Colour::off);
    variables["NO_COLOR"] = "1";
    CHECK(cli::choose_colour(cli::ColourMode::automatic, screen, around) == Colour::off);
    variables.erase("NO_COLOR");
    variables["TERM"] = "dumb";
    CHECK(cli::choose_colour(cli::ColourMode::automatic, screen, around) == Colour::off);
}

} // namespace cli_test
