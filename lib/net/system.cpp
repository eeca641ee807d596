// SPDX-License-Identifier: MIT
#include "net/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace net {
namespace {

struct Meaning {
    core::ErrorKind kind = core::ErrorKind::unreachable;
    const char* reason = "";
    const char* hint = "";
    core::OwnTrouble own = core::OwnTrouble::none;
};

Meaning meaning_of(int code) {
    using core::ErrorKind;
    using core::OwnTrouble;
    switch (code) {
    case ECONNREFUSED:
        return {ErrorKind::refused, "connection refused", "nothing listens there: is it running?"};
    case ECONNRESET:
    case EPIPE:
    case ECONNABORTED:
        return {ErrorKind::reset, "connection reset by the other side",
                "it may have crashed or been restarted: look at its log"};
    case ETIMEDOUT:
        return {ErrorKind::timeout, "no answer to the connection attempt",
                "the host may be down, or a firewall drops the packets"};
    case EHOSTUNREACH:
    case EHOSTDOWN:
        return {ErrorKind::unreachable, "no route to the host",
                "the host may be down, or a firewall rejects the packets"};
    case ENETUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
        return {ErrorKind::unreachable, "network unreachable", "look at this machine's routes",
                OwnTrouble::route};
    case EMFILE:
    case ENFILE:
        return {ErrorKind::observer, "out of file descriptors on this side",
                "raise `ulimit -n` or lower the number of targets", OwnTrouble::descriptors};
    case ENOBUFS:
    case ENOMEM:
        return {ErrorKind::observer, "out of memory on this side",
                "free memory, or raise the limit of this process", OwnTrouble::memory};
    case EACCES:
    case EPERM:
        return {ErrorKind::permission, "permission denied",
                "run as a user who may open it, or look at this machine's firewall"};
    case ENOENT:
    case ENOTDIR:
        return {ErrorKind::unreachable, "no such socket file", "is the server running?"};
    default:
        return {};
    }
}

} // namespace

Descriptor::~Descriptor() {
    if (m_fd >= 0) ::close(m_fd);
}

Ready wait_ready(int fd, Wanted wanted, core::Deadline deadline, const std::stop_token& stop) {
    const auto events = static_cast<short>(wanted == Wanted::read ? POLLIN : POLLOUT);
    while (true) {
        if (stop.stop_requested()) return Ready::cancelled;
        const auto left = deadline.remaining();
        pollfd entry{fd, events, 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(std::min(left, k_slice).count()));
        if (ready > 0) return Ready::yes;
        if (ready < 0 && errno != EINTR && errno != EAGAIN) return Ready::yes;
        if (deadline.passed()) return Ready::timeout;
    }
}

core::Error system_error(int code, core::Phase phase) {
    const auto meaning = meaning_of(code);
    core::Error error;
    error.kind = meaning.kind;
    error.phase = phase;
    error.reason = meaning.reason;
    error.hint = meaning.hint;
    error.own = meaning.own;
    if (error.reason.empty()) error.reason = std::system_category().message(code);
    return error;
}

bool out_of_descriptors() {
    const Descriptor spare{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    return !spare.valid() && (errno == EMFILE || errno == ENFILE);
}

core::Error shortage_error(core::Phase phase) {
    return system_error(out_of_descriptors() ? EMFILE : ENOMEM, phase);
}

core::Error cancelled_error(core::Phase phase) {
    core::Error error;
    error.kind = core::ErrorKind::cancelled;
    error.phase = phase;
    error.reason = "interrupted";
    return error;
}

core::Result<void> check_readable(const std::string& path, const std::string& role) {
    if (path.empty()) return {};
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    char byte = 0;
    if (file.valid() && ::read(file.get(), &byte, 1) >= 0) return {};
    const int code = errno;
    core::Error error = system_error(code, core::Phase::none);
    if (code == ENOENT || code == ENOTDIR) error.kind = core::ErrorKind::missing;
    if (error.kind == core::ErrorKind::unreachable) error.kind = core::ErrorKind::permission;
    error.what = "reading the " + role;
    error.where = path;
    error.reason =
        fmt::format("can't read the {} {}: {}", role, path, std::system_category().message(code));
    error.hint = "check the path in the configuration and the file's permissions";
    return std::unexpected(std::move(error));
}

} // namespace net
