// SPDX-License-Identifier: MIT
#include "cli/looker.hpp"

#include "core/error.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace cli {

Looker::Looker(LookFunction look)
    : m_look(std::move(look)), m_ended(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (m_ended < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Looker::~Looker() {
    m_thread.request_stop();
    m_thread.join();
    ::close(m_ended);
}

void Looker::start() {
    {
        const std::scoped_lock lock{m_mutex};
        m_asked = true;
    }
    m_looking = true;
    m_wake.notify_one();
}

std::optional<watch::Look> Looker::take() {
    std::uint64_t count = 0;
    if (::read(m_ended, &count, sizeof count) != sizeof count) return std::nullopt;
    const std::scoped_lock lock{m_mutex};
    m_looking = false;
    if (m_failure) std::rethrow_exception(std::exchange(m_failure, nullptr));
    return std::exchange(m_result, std::nullopt);
}

void Looker::run(const std::stop_token& stop) {
    for (;;) {
        {
            std::unique_lock lock{m_mutex};
            if (!m_wake.wait(lock, stop, [this] { return m_asked; })) return;
            m_asked = false;
        }
        std::optional<watch::Look> result;
        std::exception_ptr failure;
        try {
            result = m_look(stop);
        } catch (...) {
            failure = std::current_exception();
        }
        {
            const std::scoped_lock lock{m_mutex};
            m_result = std::move(result);
            m_failure = failure;
        }
        const std::uint64_t one = 1;
        if (::write(m_ended, &one, sizeof one) != sizeof one) std::terminate();
    }
}

} // namespace cli
