// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "logs/event.hpp"

#include <span>
#include <string>
#include <string_view>

namespace logs {

/// What a form needs beside the line.
struct FormContext {
    core::Time now{};      ///< for stamps without a year
    std::string scratch{}; ///< holds a message that had to be unescaped, until the next line
};

/// A form of log line that is known by its looks. `parse` fills in the event and returns true, or
/// returns false for a line of another form; what it wrote to the event is nothing then.
struct Form {
    std::string_view name{}; ///< "access", "postgres"
    bool (*parse)(std::string_view line, FormContext& context, Event& event) = nullptr;
};

/// Returns all forms. A line is of one of them at most, but for the last: it is a general one, and
/// takes what no other does.
[[nodiscard]] std::span<const Form> forms();

} // namespace logs
