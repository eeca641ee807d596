// SPDX-License-Identifier: MIT
#include "cli/program.hpp"

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/parse.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "report/nagios.hpp"

#include <fmt/format.h>

#include <new>

namespace cli {
namespace {

struct Failure {
    int code = core::k_exit_internal;
    std::string message{};
    std::string help{};
};

int report_failure(const Failure& failure, const Surroundings& around, bool nagios) {
    std::string text;
    for (const auto line : core::split(failure.message, '\n')) {
        if (!line.empty()) text += fmt::format("gallery-ops: {}\n", core::printable(line));
    }
    if (!failure.help.empty()) text += fmt::format("gallery-ops: {}\n", failure.help);
    (void)write_all(around.err, text);
    if (!nagios) return failure.code;
    (void)write_all(around.out, report::nagios_problem(failure.message));
    return report::nagios_exit_code(failure.code);
}

int print_text(const std::string& text, const Surroundings& around) {
    const auto written = write_all(around.out, text);
    if (written) return 0;
    return report_failure({core::k_exit_internal, core::describe(written.error())}, around, false);
}

int execute(std::span<const std::string> arguments, std::span<const Command* const> table,
            const Surroundings& around) {
    const auto invocation = parse(arguments, table, choose_width(terminal_of(around.out), around));
    if (invocation->text) return print_text(*invocation->text, around);
    const Interrupt interrupt;
    Context context(invocation->options, around, interrupt.token());
    return invocation->run(context);
}

} // namespace

int run_program(std::span<const std::string> arguments, std::span<const Command* const> table,
                const Surroundings& around) {
    Failure failure;
    try {
        return execute(arguments, table, around);
    } catch (const core::UsageError& error) {
        failure = {core::k_exit_usage, error.what(), help_line(arguments, table)};
    } catch (const core::ConfigError& error) {
        failure = {core::k_exit_config, error.what()};
    } catch (const std::bad_alloc&) {
        failure = {core::k_exit_internal, "out of memory"};
    } catch (const std::exception& error) {
        failure = {core::k_exit_internal, fmt::format("internal error: {}", error.what())};
    } catch (...) {
        failure = {core::k_exit_internal, "internal error of an unknown kind"};
    }
    return report_failure(failure, around, wants_nagios(arguments));
}

} // namespace cli
