// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace logs {

/// What a line is to those before it in its stream.
enum class Fold : std::uint8_t {
    head,      ///< an event of its own
    part,      ///< goes on what the line before it said
    traceback, ///< begins a stack trace of Python, whose last line says what happened
    outcome,   ///< that last line
};

/// Finds which lines belong together: the frames of a stack trace (Python, Java, Node), and the
/// lines of a statement that Postgres logs indented by a tab. A blank at the beginning alone makes
/// no part.
class Folding {
  public:
    [[nodiscard]] Fold next(std::string_view line);

  private:
    bool m_in_traceback = false;
    bool m_in_trace = false; ///< frames of Java or Node may follow
};

} // namespace logs
