// SPDX-License-Identifier: MIT
#include "cli/options.hpp"

#include "cli/command.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace cli {
namespace {

/// Returns "; did you mean 'x'?", or the words there are when none is near.
std::string suggestion(std::string_view word, const std::vector<std::string>& words) {
    if (const auto near = core::nearest(word, words))
        return fmt::format("; did you mean '{}'?", *near);
    return fmt::format("; there are: {}", core::join(words, ", "));
}

std::vector<std::string> format_names() {
    std::vector<std::string> names;
    for (const auto& format : report::formats())
        names.emplace_back(format.name);
    return names;
}

Output parse_output(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    Output output{report::find_format(name)};
    if (output.format == nullptr) {
        throw core::UsageError(fmt::format("no output format '{}'{}", core::printable(name),
                                           suggestion(name, format_names())));
    }
    if (equals == std::string::npos) return output;
    const std::string file = text.substr(equals + 1);
    if (file.empty()) throw core::UsageError(fmt::format("no file after '-o {}='", name));
    if (file != "-") output.file = file;
    return output;
}

core::Duration parse_span(const std::string& option, const std::string& text) {
    const auto span = core::parse_duration(text);
    if (!span) {
        throw core::UsageError(
            fmt::format("'{}' is no duration for {}; write a number with its unit: 500ms, 5s, 10m, "
                        "4h, 7d",
                        core::printable(text), option));
    }
    return *span;
}

/// "-t,--timeout" → "--timeout".
std::string long_name(const std::string& names) {
    const auto parts = core::split(names, ',');
    return parts.empty() ? names : std::string{core::trim(parts.back())};
}

CLI::Option* last_wins(CLI::Option* option) {
    return option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

/// A span of time that is a limit: zero is a mistake, since nothing could ever be checked.
CLI::Option* add_limit(CLI::App& app, const std::string& name,
                       const std::function<void(core::Duration)>& set, const std::string& help) {
    auto take = [name, set](const std::string& text) {
        const auto span = parse_span(name, text);
        if (span.count() == 0)
            throw core::UsageError(fmt::format("{} must be longer than '{}'", name, text));
        set(span);
    };
    return last_wins(app.add_option_function<std::string>(name, take, help)->type_name("DUR"));
}

/// An option that takes one of `words`.
CLI::Option* add_word(CLI::App& app, const std::string& name, const std::vector<std::string>& words,
                      const std::function<void(const std::string&)>& set, const std::string& help) {
    auto take = [set, words, option = long_name(name)](const std::string& text) {
        if (std::ranges::find(words, text) == words.end()) {
            throw core::UsageError(fmt::format("{} does not know '{}'{}", option,
                                               core::printable(text), suggestion(text, words)));
        }
        set(text);
    };
    auto* option = app.add_option_function<std::string>(name, take, help);
    return last_wins(option)->type_name(core::join(words, "|"));
}

void bind_output(CLI::App& app, GlobalOptions& options) {
    auto take = [&options](const std::vector<std::string>& all) {
        for (const auto& one : all)
            options.outputs.push_back(parse_output(one));
    };
    app.add_option_function<std::vector<std::string>>(
           "-o,--output", take,
           "output format, repeatable; with =FILE it goes to that file in one step; only the "
           "outputs given are written (default: text)")
        ->type_name("FORMAT[=FILE]")
        ->allow_extra_args(false);
    add_word(
        app, "--color", {"auto", "always", "never"},
        [&options](const std::string& word) {
            options.colour = word == "always"  ? ColourMode::always
                             : word == "never" ? ColourMode::never
                                               : ColourMode::automatic;
        },
        "colours in the text output (default: auto, on a terminal and without NO_COLOR)");
    app.add_flag_callback(
        "--no-progress", [&options] { options.progress = false; },
        "no progress line on standard error");
    app.add_flag_callback(
        "-q,--quiet", [&options] { options.detail = report::Detail::quiet; },
        "text output: only the problems and the last line");
    app.add_flag_callback(
        "-v,--verbose", [&options] { options.detail = report::Detail::verbose; },
        "text output: every finding on a line of its own, and what was skipped");
}

void bind_verdict(CLI::App& app, GlobalOptions& options) {
    add_word(
        app, "--fail-on", {"warning", "critical"},
        [&options](const std::string& word) {
            options.fail_on = word == "critical" ? core::FailOn::critical : core::FailOn::warning;
        },
        "the verdict from which the exit code is non-zero (default: warning)");
    app.add_flag_callback(
        "--allow-unknown", [&options] { options.unknown = core::UnknownPolicy::allowed; },
        "succeed although something could not be checked");
}

void bind_history(CLI::App& app, GlobalOptions& options) {
    auto* file = app.add_option_function<std::string>(
        "--history",
        [&options](const std::string& text) {
            if (text.empty()) throw core::UsageError("--history needs the name of a file");
            options.history_file = text;
        },
        "where earlier runs are remembered (default: $XDG_STATE_HOME/gallery-ops/history.db, "
        "~/.local/state/gallery-ops/history.db)");
    last_wins(file)->type_name("FILE");
    app.add_flag_callback(
        "--no-history", [&options] { options.history = false; },
        "neither read nor write the history");
}

void bind_notify(CLI::App& app, GlobalOptions& options) {
    auto take = [&options](const std::vector<std::string>& all) {
        for (const auto& one : all) {
            const auto target = notify::parse_target(one);
            if (!target)
                throw core::UsageError(fmt::format("'{}' is nobody to notify: write alertmanager, "
                                                   "webhook:NAME or ping:NAME",
                                                   core::printable(one)));
            options.notify.push_back(*target);
        }
    };
    app.add_option_function<std::vector<std::string>>(
           "--notify", take,
           "whom to tell after the run, repeatable: alertmanager, or webhook:NAME or ping:NAME of "
           "the configuration")
        ->type_name("TARGET")
        ->allow_extra_args(false);
}

} // namespace

void bind_global_options(CLI::App& app, GlobalOptions& options) {
    auto* file = app.add_option_function<std::string>(
        "-c,--config",
        [&options](const std::string& text) {
            if (text.empty()) throw core::UsageError("--config needs the name of a file");
            options.config = text;
        },
        "configuration file (default: $GALLERY_OPS_CONFIG, ./gallery-ops.yaml, "
        "$XDG_CONFIG_HOME/gallery-ops/config.yaml, /etc/gallery-ops/config.yaml)");
    last_wins(file)->type_name("FILE");
    bind_output(app, options);
    add_limit(
        app, "--timeout", [&options](core::Duration span) { options.timeout = span; },
        "the longest that one probe may take (default: 5s)");
    add_limit(
        app, "--deadline", [&options](core::Duration span) { options.deadline = span; },
        "the longest that the whole command may take");
    bind_verdict(app, options);
    add_names(app, "--component", options.components, "only what belongs to these components");
    add_names(app, "--only", options.only, "run only these");
    add_names(app, "--skip", options.skip, "run all but these");
    bind_history(app, options);
    bind_notify(app, options);
}

void check_global_options(GlobalOptions& options) {
    if (options.history_file && !options.history)
        throw core::UsageError("--history and --no-history contradict each other");
    if (options.outputs.empty()) options.outputs.push_back({report::find_format("text")});
    const Output* first = nullptr;
    for (const auto& output : options.outputs) {
        if (!output.to_stdout()) continue;
        if (first != nullptr) {
            throw core::UsageError(fmt::format("two outputs for standard output: '{}' and '{}'; "
                                               "give one of them a file, -o {}=FILE",
                                               first->format->name, output.format->name,
                                               output.format->name));
        }
        first = &output;
    }
}

bool speaks_nagios(const GlobalOptions& options) {
    return std::ranges::any_of(options.outputs, [](const Output& output) {
        return output.to_stdout() && output.format != nullptr && output.format->name == "nagios";
    });
}

CLI::Option* add_duration(CLI::App& app, const std::string& name,
                          std::optional<core::Duration>& value, const std::string& help) {
    auto take = [&value, option = long_name(name)](const std::string& text) {
        value = parse_span(option, text);
    };
    return last_wins(app.add_option_function<std::string>(name, take, help)->type_name("DUR"));
}

CLI::Option* add_optional_duration(CLI::App& app, const std::string& name,
                                   std::optional<core::Duration>& value, core::Duration otherwise,
                                   core::Duration least, const std::string& help) {
    auto take = [&value, otherwise, least, option = long_name(name)](const std::string& text) {
        // What CLI11 hands over for an option without its value.
        const bool alone = text.empty() || text == "true" || text == "{}";
        value = alone ? otherwise : parse_span(option, text);
        if (*value < least) {
            throw core::UsageError(fmt::format("'{}' is too short for {}; at least {}",
                                               core::printable(text), option,
                                               core::format_duration_exact(least)));
        }
    };
    auto* option = app.add_option_function<std::string>(name, take, help);
    return last_wins(option)->expected(0, 1)->type_name("DUR");
}

CLI::Option* add_count(CLI::App& app, const std::string& name, std::optional<int>& value, int least,
                       int most, const std::string& help) {
    auto take = [&value, least, most, option = long_name(name)](const std::string& text) {
        int number = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool whole = failure == std::errc{} && end == text.data() + text.size();
        if (!whole || number < least || number > most) {
            throw core::UsageError(fmt::format("'{}' is no number for {}; {} to {}",
                                               core::printable(text), option, least, most));
        }
        value = number;
    };
    return last_wins(app.add_option_function<std::string>(name, take, help)->type_name("N"));
}

CLI::Option* add_choice(CLI::App& app, const std::string& name, std::string& value,
                        const std::vector<std::string>& words, const std::string& help) {
    return add_word(app, name, words, [&value](const std::string& word) { value = word; }, help);
}

CLI::Option* add_names(CLI::App& app, const std::string& name, std::vector<std::string>& value,
                       const std::string& help) {
    auto take = [&value, option = long_name(name)](const std::vector<std::string>& all) {
        for (const auto& one : all) {
            for (const auto part : core::split(one, ',')) {
                if (!core::trim(part).empty()) value.emplace_back(core::trim(part));
            }
        }
        if (value.empty()) throw core::UsageError(fmt::format("{} names nothing", option));
    };
    return app.add_option_function<std::vector<std::string>>(name, take, help)
        ->type_name("NAME[,NAME]")
        ->allow_extra_args(false);
}

} // namespace cli
