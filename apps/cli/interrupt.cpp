// SPDX-License-Identifier: MIT
#include "cli/interrupt.hpp"

#include "cli/terminal_mode.hpp"
#include "core/verdict.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <initializer_list>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>

namespace cli {

Interrupt::Interrupt() {
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    m_signals = ::signalfd(-1, &set, SFD_CLOEXEC);
    m_leave = ::eventfd(0, EFD_CLOEXEC);
    // Without descriptors the signals keep their default action: ending the program.
    if (m_signals < 0 || m_leave < 0) return;
    pthread_sigmask(SIG_BLOCK, &set, &m_before);
    // The thread itself takes no signal: whoever awaits one elsewhere would lose it to this thread.
    sigset_t all{};
    sigset_t blocked{};
    sigfillset(&all);
    for (const int crash : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP})
        sigdelset(&all, crash);
    pthread_sigmask(SIG_BLOCK, &all, &blocked);
    try {
        m_thread = std::thread([this] { wait_for_signals(); });
        pthread_sigmask(SIG_SETMASK, &blocked, nullptr);
    } catch (const std::system_error&) {
        // Nor without a thread that waits for them.
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
}

Interrupt::~Interrupt() {
    if (m_thread.joinable()) {
        const std::uint64_t one = 1;
        if (::write(m_leave, &one, sizeof one) != sizeof one) std::terminate();
        m_thread.join();
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    if (m_signals >= 0) ::close(m_signals);
    if (m_leave >= 0) ::close(m_leave);
}

void Interrupt::wait_for_signals() {
    std::array<pollfd, 2> waiting{pollfd{m_signals, POLLIN, 0}, pollfd{m_leave, POLLIN, 0}};
    while (true) {
        if (::poll(waiting.data(), waiting.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return;
        }
        if (waiting[1].revents != 0) return;
        signalfd_siginfo info{};
        if (::read(m_signals, &info, sizeof info) != sizeof info) continue;
        if (m_source.stop_requested()) {
            restore_terminal();
            ::_exit(core::k_exit_interrupted);
        }
        m_source.request_stop();
    }
}

} // namespace cli
