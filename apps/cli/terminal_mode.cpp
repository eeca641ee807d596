// SPDX-License-Identifier: MIT
#include "cli/terminal_mode.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace cli {
namespace {

constexpr std::string_view k_enter = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[H\x1b[2J";
constexpr std::string_view k_leave = "\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

/// What the handlers reach. Written before `active` becomes true.
struct Saved {
    int keys = -1;
    int out = -1;
    termios before{};
};

Saved g_saved;
std::atomic<bool> g_active{false};
static_assert(std::atomic<bool>::is_always_lock_free);

/// Signals whose default action ends the program, besides those that are awaited elsewhere.
constexpr std::array k_deadly{SIGSEGV, SIGBUS,  SIGILL,  SIGFPE,  SIGABRT, SIGQUIT, SIGTRAP,
                              SIGSYS,  SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2, SIGALRM};

std::array<struct sigaction, k_deadly.size()> g_actions_before;

/// Writes without ever waiting for a terminal that takes nothing: a sudden end must be one.
void write_now(std::string_view text) {
    constexpr int k_patience_ms = 200;
    while (!text.empty()) {
        pollfd ready{g_saved.out, POLLOUT, 0};
        if (::poll(&ready, 1, k_patience_ms) <= 0) return;
        const ssize_t written = ::write(g_saved.out, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

extern "C" void restore_and_die(int signal) {
    restore_terminal();
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

void catch_deadly() {
    for (std::size_t i = 0; i < k_deadly.size(); ++i) {
        struct sigaction action{};
        action.sa_handler = restore_and_die;
        sigemptyset(&action.sa_mask);
        action.sa_flags = SA_NODEFER;
        ::sigaction(k_deadly.at(i), nullptr, &g_actions_before.at(i));
        // What the caller of the program ignores stays ignored.
        if (g_actions_before.at(i).sa_handler != SIG_IGN)
            ::sigaction(k_deadly.at(i), &action, nullptr);
    }
}

void uncatch_deadly() {
    for (std::size_t i = 0; i < k_deadly.size(); ++i)
        ::sigaction(k_deadly.at(i), &g_actions_before.at(i), nullptr);
}

/// Sets the terminal's attributes even when a signal comes in between.
bool set_attributes(int descriptor, const termios& attributes) {
    for (;;) {
        if (::tcsetattr(descriptor, TCSANOW, &attributes) == 0) return true;
        if (errno != EINTR) return false;
    }
}

bool enter() {
    termios raw = g_saved.before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
    raw.c_iflag &= ~static_cast<tcflag_t>(IXON | ISTRIP);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    g_active = true; // before anything changes, so that no signal finds it half done
    if (!set_attributes(g_saved.keys, raw)) {
        g_active = false;
        return false;
    }
    write_now(k_enter);
    return true;
}

} // namespace

void restore_terminal() {
    if (!g_active.exchange(false)) return;
    const int error = errno;
    write_now(k_leave);
    set_attributes(g_saved.keys, g_saved.before);
    errno = error;
}

TerminalMode::TerminalMode(int keys, int out) {
    g_saved.keys = keys;
    g_saved.out = out;
    if (::tcgetattr(keys, &g_saved.before) != 0) return;
    catch_deadly();
    m_entered = enter();
    if (!m_entered) uncatch_deadly();
}

TerminalMode::~TerminalMode() {
    if (!m_entered) return;
    restore_terminal();
    uncatch_deadly();
}

void TerminalMode::enter_again() {
    // The shell may have changed the attributes while it had the terminal.
    if (!g_active) static_cast<void>(::tcgetattr(g_saved.keys, &g_saved.before));
    enter();
}

} // namespace cli
