// SPDX-License-Identifier: MIT
#include "cli/output.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace cli {

core::Result<void> write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EPIPE) {
            return {};
        } else if (errno == EAGAIN) {
            pollfd wait{descriptor, POLLOUT, 0}; // a pipe that someone made non-blocking
            ::poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            return std::unexpected(core::Error{.kind = core::ErrorKind::observer,
                                               .what = "write",
                                               .where = "standard output",
                                               .reason = std::generic_category().message(errno)});
        }
    }
    return {};
}

void guard_standard_descriptors() {
    for (int descriptor = 0; descriptor <= 2; ++descriptor) {
        if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF)
            ::open("/dev/null", O_RDONLY); // NOLINT: takes the lowest free number, which is this
    }
}

} // namespace cli
