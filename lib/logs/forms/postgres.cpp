// SPDX-License-Identifier: MIT
#include "logs/forms/all.hpp"
#include "logs/forms/cut.hpp"
#include "logs/stamp.hpp"

#include <array>

namespace logs {
namespace {

constexpr std::size_t k_longest_prefix = 200;

/// The severities of error reporting (PostgreSQL manual, "Message Severity Levels") and the parts
/// of a report that are lines of their own.
constexpr std::array<std::string_view, 16> k_words{
    "LOG",    "ERROR", "FATAL",   "PANIC",     "WARNING",  "NOTICE", "INFO",   "DEBUG",
    "DETAIL", "HINT",  "CONTEXT", "STATEMENT", "LOCATION", "QUERY",  "DEBUG1", "DEBUG2"};

/// The word that ends before the colon at `colon`, when it is one of them.
std::string_view severity_before(std::string_view line, std::size_t colon) {
    auto begin = colon;
    while (begin > 0 && (is(line[begin - 1], k_upper) || is(line[begin - 1], k_digit)))
        --begin;
    const auto word = line.substr(begin, colon - begin);
    for (const auto known : k_words)
        if (word == known && (begin == 0 || line[begin - 1] == ' ' || line[begin - 1] == ']'))
            return word;
    return {};
}

} // namespace

bool parse_postgres(std::string_view line, FormContext& context, Event& event) {
    // Two blanks follow the severity, which no other program does.
    const auto colon = line.substr(0, k_longest_prefix).find(":  ");
    if (colon == std::string_view::npos || colon < 3) return false;
    const auto severity = severity_before(line, colon);
    if (severity.empty()) return false;
    const auto prefix = line.substr(0, colon - severity.size());
    // uvicorn writes "INFO:     message", with as many blanks as make a column.
    if (prefix.empty()) return false;
    if (const auto stamp = stamp_at(prefix, 0, context.now)) event.time = stamp->time;
    event.level = level_named(severity);
    event.logger = "postgres";
    event.message = line.substr(colon + 3);
    return true;
}

} // namespace logs
