// SPDX-License-Identifier: MIT
//
// A program that owns the screen must give it back on every way out: a key, an interruption, a
// hang-up, an exception, a crash. So what has to be restored is kept where a signal handler may
// reach it, and restoring uses only what POSIX lets a handler use. After SIGKILL nothing can be
// done; the shell's `reset` mends the terminal then.
#pragma once

#include <string_view>

namespace cli {

/// The whole-screen mode of a terminal for as long as it lives: the alternate screen, no cursor, no
/// line wrapping; keys one by one and not echoed, while Ctrl-C, Ctrl-\ and Ctrl-Z stay signals.
/// Signals that end the program restore the terminal first. At most one exists at a time.
class TerminalMode {
  public:
    /// `keys` and `out` are terminals, or the same one.
    TerminalMode(int keys, int out);
    ~TerminalMode();
    TerminalMode(const TerminalMode&) = delete;
    TerminalMode& operator=(const TerminalMode&) = delete;

    /// Returns whether the terminal could be put into the mode.
    [[nodiscard]] bool entered() const { return m_entered; }

    /// Puts the terminal into the mode again: after it was stopped and the shell used it.
    void enter_again();

  private:
    bool m_entered = false;
};

/// Gives the terminal back as it was found, if it is in the mode. May be called in a signal handler
/// and by any thread, again and again.
void restore_terminal();

} // namespace cli
