// SPDX-License-Identifier: MIT
#include "net/knock.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace net {
namespace {

using namespace std::chrono_literals;

/// So many sockets are open at one time.
constexpr std::ptrdiff_t k_most_open = 128;
constexpr std::chrono::milliseconds k_knock_slice{20};

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

SocketAddress socket_address(const Door& door) {
    SocketAddress made;
    sockaddr_in four{};
    sockaddr_in6 six{};
    if (::inet_pton(AF_INET, door.address.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(door.port);
        made.size = sizeof four;
        std::memcpy(&made.storage, &four, sizeof four);
    } else if (::inet_pton(AF_INET6, door.address.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(door.port);
        made.size = sizeof six;
        std::memcpy(&made.storage, &six, sizeof six);
    }
    return made;
}

Knock meaning(int error) {
    switch (error) {
    case 0:
    case ECONNREFUSED:
    case ECONNRESET:
        return Knock::answered;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EACCES:
    case EPERM:
        return Knock::no_route;
    case ETIMEDOUT:
        return Knock::silent;
    default:
        return Knock::not_tried;
    }
}

/// One attempt: its socket while it is open, and what is known so far.
struct Attempt {
    int fd = -1;
    Knock knock = Knock::not_tried;

    void end(Knock result) {
        knock = result;
        if (fd >= 0) ::close(fd);
        fd = -1;
    }
};

Attempt begin(const Door& door) {
    Attempt attempt;
    const auto address = socket_address(door);
    if (address.size == 0) return attempt;
    attempt.fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (attempt.fd < 0) return attempt;
    const auto* generic = reinterpret_cast<const sockaddr*>(&address.storage); // NOLINT
    if (::connect(attempt.fd, generic, address.size) == 0)
        attempt.end(Knock::answered);
    else if (errno == EINPROGRESS)
        attempt.knock = Knock::silent;
    else
        attempt.end(meaning(errno));
    return attempt;
}

void settle(Attempt& attempt) {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(attempt.fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    attempt.end(meaning(error));
}

/// Waits up to `span` for any of the attempts, and notes those that have ended; false when there is
/// nothing to wait for.
bool await(std::span<Attempt> attempts, std::chrono::milliseconds span) {
    std::vector<pollfd> open;
    std::vector<Attempt*> behind;
    for (auto& attempt : attempts) {
        if (attempt.fd < 0) continue;
        open.push_back({attempt.fd, POLLOUT, 0});
        behind.push_back(&attempt);
    }
    if (open.empty()) return false;
    if (::poll(open.data(), open.size(), static_cast<int>(span.count())) < 0) return errno == EINTR;
    for (std::size_t i = 0; i < open.size(); ++i)
        if (open[i].revents != 0) settle(*behind[i]);
    return true;
}

/// Begins attempts while there is a place for them. `attempts` holds those that were begun.
void begin_next(std::span<const Door> doors, std::vector<Attempt>& attempts) {
    auto open = std::ranges::count_if(attempts, [](const Attempt& each) { return each.fd >= 0; });
    while (open < k_most_open && attempts.size() < doors.size()) {
        attempts.push_back(begin(doors[attempts.size()]));
        if (attempts.back().fd >= 0) ++open;
    }
}

} // namespace

std::vector<Knock> knock(std::span<const Door> doors, core::Deadline deadline,
                         const std::stop_token& stop) {
    std::vector<Attempt> attempts;
    attempts.reserve(doors.size());
    const auto least = deadline.remaining() / 2;
    while (!deadline.passed() && !stop.stop_requested()) {
        if (deadline.remaining() >= least) begin_next(doors, attempts);
        if (!await(attempts, std::min(k_knock_slice, deadline.remaining()))) break;
    }
    // What has come in while this thread did not run counts too.
    (void)await(attempts, 0ms);
    std::vector<Knock> results;
    results.reserve(doors.size());
    for (auto& attempt : attempts) {
        const bool stopped = attempt.fd >= 0 && stop.stop_requested();
        attempt.end(stopped ? Knock::not_tried : attempt.knock);
        results.push_back(attempt.knock);
    }
    results.resize(doors.size(), Knock::not_tried);
    return results;
}

} // namespace net
