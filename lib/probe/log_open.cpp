// SPDX-License-Identifier: MIT
#include "probe/log_open.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace probe {

core::Error log_failure(core::ErrorKind kind, const std::filesystem::path& path, std::string reason,
                        std::string hint) {
    core::Error error;
    error.kind = kind;
    error.phase = core::Phase::query;
    error.what = "read the log";
    error.where = path.string();
    error.reason = std::move(reason);
    error.hint = std::move(hint);
    return error;
}

core::Error log_system_failure(const std::filesystem::path& path, int code) {
    const auto kind = code == ENOENT || code == ENOTDIR ? core::ErrorKind::missing
                      : code == EACCES || code == EPERM ? core::ErrorKind::permission
                                                        : core::ErrorKind::protocol;
    const char* hint = kind == core::ErrorKind::missing      ? "check the path"
                       : kind == core::ErrorKind::permission ? "who may read it: ls -l"
                                                             : "is the disk well? dmesg";
    return log_failure(kind, path, std::generic_category().message(code), hint);
}

core::Result<net::Descriptor> open_log(const std::filesystem::path& path) {
    net::Descriptor descriptor{
        path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                    : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (!descriptor.valid()) return std::unexpected(log_system_failure(path, errno));
    struct stat about{};
    if (::fstat(descriptor.get(), &about) == 0 && S_ISDIR(about.st_mode))
        return std::unexpected(
            log_failure(core::ErrorKind::refused, path, "it is a folder",
                        fmt::format("name its files: '{}/*.log'", path.string())));
    return descriptor;
}

} // namespace probe
