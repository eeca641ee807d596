// SPDX-License-Identifier: MIT
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/surroundings.hpp"
#include "core/text.hpp"
#include "report/nagios.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <unistd.h>

namespace cli {
namespace {

using Clock = core::Deadline::Clock;

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    return name.data();
}

/// Sorts by time, also between runs that start in the same second: "20260105T080000Z-1f2e-3a4b5c".
std::string make_run_id(core::Time now) {
    std::string stamp = core::format_utc(now);
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count()
        % 1'000'000;
    return fmt::format("{}-{:05x}-{:x}", stamp, micros, ::getpid());
}

report::RenderOptions file_options(const GlobalOptions& options) {
    report::RenderOptions render;
    render.detail = options.detail;
    render.fail_on = options.fail_on;
    render.unknown = options.unknown;
    render.now = std::chrono::system_clock::now();
    render.version = GALLERY_OPS_VERSION;
    if (options.colour == ColourMode::always) render.colour = report::Colour::on;
    return render;
}

report::RenderOptions screen_options(const GlobalOptions& options, const Surroundings& around) {
    auto render = file_options(options);
    const auto terminal = terminal_of(around.out);
    render.width = choose_width(terminal, around);
    render.charset = choose_charset(around);
    render.colour = choose_colour(options.colour, terminal, around);
    return render;
}

int exit_code_of(const report::Report& report, const GlobalOptions& options) {
    const int code = report.interrupted ? core::k_exit_interrupted
                                        : core::exit_code(report::summarise(report),
                                                          options.fail_on, options.unknown);
    return speaks_nagios(options) ? report::nagios_exit_code(code) : code;
}

/// Writes the outputs that have a file; returns what could not be written.
std::vector<std::string> write_all_files(const report::Report& report, const GlobalOptions& options,
                                         const report::RenderOptions& render) {
    std::vector<std::string> problems;
    for (const auto& output : options.outputs) {
        if (output.to_stdout()) continue;
        const auto written =
            report::write_atomically(output.file, output.format->render(report, render));
        if (!written) problems.push_back(core::describe(written.error()));
    }
    return problems;
}

} // namespace

Context::Context(const GlobalOptions& options, const Surroundings& around, std::stop_token stop)
    : m_options(options), m_around(around), m_stop(std::move(stop)),
      m_started_at(std::chrono::system_clock::now()), m_started(Clock::now()) {}

core::Deadline Context::deadline(core::Duration otherwise) const {
    return core::Deadline(m_started + m_options.deadline.value_or(otherwise));
}

report::Report Context::start_report(std::string_view command) const {
    report::Report report;
    report.command = command;
    report.host = host_name();
    report.started_at = std::chrono::system_clock::now();
    report.run_id = make_run_id(report.started_at);
    return report;
}

report::RenderOptions Context::render_options() const {
    return screen_options(m_options, m_around);
}

int Context::exit_code(const report::Report& report) const {
    return exit_code_of(report, m_options);
}

std::vector<std::string> Context::write_files(const report::Report& report) const {
    auto render = file_options(m_options);
    render.exit_code = exit_code_of(report, m_options);
    return write_all_files(report, m_options, render);
}

int Context::emit(report::Report report, std::optional<int> failure) const {
    progress("");
    if (report.duration.count() == 0) {
        report.duration = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - m_started);
    }
    report.interrupted = report.interrupted || m_stop.stop_requested();
    const bool nagios = speaks_nagios(m_options);
    const int code = failure && !report.interrupted
                         ? (nagios ? report::nagios_exit_code(*failure) : *failure)
                         : exit_code_of(report, m_options);

    auto render = file_options(m_options);
    const auto now = report.shown_at.value_or(render.now);
    render.now = now;
    render.exit_code = code;
    const auto problems = write_all_files(report, m_options, render);
    const int failed =
        nagios ? report::nagios_exit_code(core::k_exit_internal) : core::k_exit_internal;
    // Only one line may reach a Nagios: the one that goes with the code.
    if (nagios && !problems.empty()) {
        write_if_possible(m_around.out, report::nagios_problem(problems.front()));
        return failed;
    }

    render = screen_options(m_options, m_around);
    render.now = now;
    render.exit_code = problems.empty() ? code : failed;
    int printed = 0;
    for (const auto& output : m_options.outputs) {
        if (output.to_stdout()) printed = print(output.format->render(report, render));
    }
    for (const auto& problem : problems)
        write_if_possible(m_around.err, fmt::format("gallery-ops: {}\n", problem));
    if (printed != 0) return nagios ? failed : printed;
    return problems.empty() ? code : failed;
}

int Context::print(std::string_view text) const {
    progress("");
    const auto written = write_all(m_around.out, text);
    if (written) return 0;
    write_if_possible(m_around.err,
                      fmt::format("gallery-ops: {}\n", core::describe(written.error())));
    return core::k_exit_internal;
}

void Context::progress(std::string_view line) const {
    constexpr std::chrono::seconds k_patience{1};
    constexpr std::string_view k_clear_line = "\r\x1b[K";
    if (line.empty()) {
        if (m_progress_shown) write_if_possible(m_around.err, k_clear_line);
        m_progress_shown = false;
        return;
    }
    const auto terminal = terminal_of(m_around.err);
    if (!m_options.progress || !terminal.is_terminal || Clock::now() - m_started < k_patience)
        return;
    const std::size_t width = choose_width(terminal, m_around) - 1;
    const bool utf8 = choose_charset(m_around) == report::Charset::utf8;
    const auto shown = core::cut_end(core::printable(line), width, utf8 ? "…" : "...");
    write_if_possible(m_around.err, std::string{k_clear_line} + shown);
    m_progress_shown = true;
}

} // namespace cli
