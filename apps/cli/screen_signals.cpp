// SPDX-License-Identifier: MIT
#include "cli/screen_signals.hpp"

#include <initializer_list>
#include <sys/signalfd.h>
#include <unistd.h>

namespace cli {

ScreenSignals::ScreenSignals() {
    sigset_t set{};
    sigemptyset(&set);
    for (const int signal : {SIGWINCH, SIGTSTP, SIGCONT, SIGHUP})
        sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, &m_before);
    m_descriptor = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

ScreenSignals::~ScreenSignals() {
    if (m_descriptor >= 0) ::close(m_descriptor);
    pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

int ScreenSignals::next() const {
    signalfd_siginfo info{};
    if (::read(m_descriptor, &info, sizeof info) != sizeof info) return 0;
    return static_cast<int>(info.ssi_signo);
}

void ScreenSignals::stop_here() {
    sigset_t set{};
    sigset_t before{};
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    // The default action stops the process, unless no shell would ever wake it again.
    ::raise(SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &set, &before);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

} // namespace cli
