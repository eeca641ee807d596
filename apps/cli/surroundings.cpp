// SPDX-License-Identifier: MIT
#include "cli/surroundings.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cli {
namespace {

constexpr std::size_t k_narrowest = 40;
constexpr std::size_t k_widest = 200;
constexpr std::size_t k_default_width = 80;

std::string variable(const Surroundings& around, const std::string& name) {
    return around.env ? around.env(name).value_or("") : std::string{};
}

std::size_t columns_variable(const Surroundings& around) {
    const std::string text = variable(around, "COLUMNS");
    std::size_t columns = 0;
    auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), columns);
    if (failure != std::errc{} || end != text.data() + text.size()) return 0;
    return columns;
}

} // namespace

Surroundings process_surroundings() {
    Surroundings around;
    around.env = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe): only read
        if (value == nullptr) return std::nullopt;
        return value;
    };
    return around;
}

Terminal terminal_of(int descriptor) {
    Terminal terminal;
    terminal.is_terminal = isatty(descriptor) == 1;
    winsize size{};
    if (terminal.is_terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0) {
        terminal.columns = size.ws_col;
        terminal.rows = size.ws_row;
    }
    return terminal;
}

std::size_t choose_width(const Terminal& terminal, const Surroundings& around) {
    std::size_t width = terminal.columns;
    if (width == 0) width = columns_variable(around);
    if (width == 0) width = k_default_width;
    return std::clamp(width, k_narrowest, k_widest);
}

report::Charset choose_charset(const Surroundings& around) {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const std::string value = core::to_lower(variable(around, name));
        if (value.empty()) continue;
        const bool utf8 =
            value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
        return utf8 ? report::Charset::utf8 : report::Charset::ascii;
    }
    return report::Charset::ascii;
}

report::Colour choose_colour(ColourMode mode, const Terminal& terminal,
                             const Surroundings& around) {
    if (mode == ColourMode::always) return report::Colour::on;
    if (mode == ColourMode::never || !terminal.is_terminal) return report::Colour::off;
    if (!variable(around, "NO_COLOR").empty()) return report::Colour::off;
    const std::string term = variable(around, "TERM");
    return term.empty() || term == "dumb" ? report::Colour::off : report::Colour::on;
}

} // namespace cli
