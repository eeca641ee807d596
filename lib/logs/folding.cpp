// SPDX-License-Identifier: MIT
#include "logs/folding.hpp"

#include "logs/letters.hpp"

namespace logs {
namespace {

std::string_view without_blanks(std::string_view line) {
    while (!line.empty() && is(line.front(), k_blank))
        line.remove_prefix(1);
    return line;
}

/// "at org.example.Cart.add(Cart.java:31)", "at /app/index.js:3:7".
bool is_frame(std::string_view line) {
    if (line.empty() || !is(line.front(), k_blank)) return false;
    const auto text = without_blanks(line);
    if (text.starts_with("at "))
        return text.find('(') != std::string_view::npos || text.find(':') != std::string_view::npos;
    // "... 12 more" ends a cause in Java.
    return text.starts_with("... ")
           && (text.ends_with(" more") || text.ends_with(" common frames omitted"));
}

bool is_cause(std::string_view line) {
    return line.starts_with("Caused by: ") || line.starts_with("Suppressed: ");
}

/// What stands between two traces of Python that follow from each other.
bool joins_tracebacks(std::string_view line) {
    return line.starts_with("During handling of the above exception")
           || line.starts_with("The above exception was the direct cause");
}

bool begins_traceback(std::string_view line) {
    return without_blanks(line).starts_with("Traceback (most recent call last):");
}

} // namespace

Fold Folding::next(std::string_view line) {
    if (m_in_traceback) {
        if (line.empty() || is(line.front(), k_blank) || begins_traceback(line)
            || joins_tracebacks(line))
            return Fold::part;
        m_in_traceback = false;
        m_in_trace = true;
        return Fold::outcome;
    }
    if (begins_traceback(line) || joins_tracebacks(line)) {
        m_in_traceback = true;
        return Fold::traceback;
    }
    if (is_frame(line) || (m_in_trace && is_cause(line)) || line.starts_with('\t')) {
        m_in_trace = true;
        return Fold::part;
    }
    // A cause may be the first line of a trace that was logged without its beginning.
    m_in_trace = !line.empty() && !is(line.front(), k_blank);
    return Fold::head;
}

} // namespace logs
