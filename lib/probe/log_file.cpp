// SPDX-License-Identifier: MIT
#include "probe/log_file.hpp"

#include "probe/unpack.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace probe {
namespace {

constexpr std::size_t k_piece = std::size_t{256} << 10U;
constexpr int k_slice_ms = 50;

core::Error failure(core::ErrorKind kind, const std::filesystem::path& path, std::string reason,
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

core::Error system_failure(const std::filesystem::path& path, int code) {
    const auto kind = code == ENOENT || code == ENOTDIR ? core::ErrorKind::missing
                      : code == EACCES || code == EPERM ? core::ErrorKind::permission
                                                        : core::ErrorKind::protocol;
    const char* hint = kind == core::ErrorKind::missing      ? "check the path"
                       : kind == core::ErrorKind::permission ? "who may read it: ls -l"
                                                             : "is the disk well? dmesg";
    return failure(kind, path, std::generic_category().message(code), hint);
}

class Descriptor {
  public:
    explicit Descriptor(int number) : m_number(number) {}

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;

    ~Descriptor() {
        if (m_number > STDIN_FILENO) ::close(m_number);
    }

    [[nodiscard]] int number() const { return m_number; }

  private:
    int m_number;
};

/// Waits until something can be read; a plain file always can.
core::Result<void> wait_for_more(int descriptor, const std::filesystem::path& path,
                                 core::Deadline deadline, const std::stop_token& stop) {
    pollfd waiting{descriptor, POLLIN, 0};
    while (::poll(&waiting, 1, k_slice_ms) == 0) {
        if (stop.stop_requested())
            return std::unexpected(failure(core::ErrorKind::cancelled, path, "interrupted", ""));
        if (deadline.passed())
            return std::unexpected(failure(core::ErrorKind::timeout, path,
                                           "nothing more came in time",
                                           "--deadline gives it longer"));
    }
    return {};
}

core::Result<int> open_log(const std::filesystem::path& path) {
    if (path == "-") return STDIN_FILENO;
    // A pipe that nobody writes to must not hold us.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return std::unexpected(system_failure(path, errno));
    struct stat about{};
    if (::fstat(descriptor, &about) == 0 && S_ISDIR(about.st_mode)) {
        ::close(descriptor);
        return std::unexpected(failure(core::ErrorKind::refused, path, "it is a folder",
                                       fmt::format("name its files: '{}/*.log'", path.string())));
    }
    return descriptor;
}

} // namespace

core::Result<void> read_log(const std::filesystem::path& path, const TakeBytes& take,
                            core::Deadline deadline, const std::stop_token& stop) {
    TRY_ASSIGN(const int opened, open_log(path));
    const Descriptor descriptor{opened};
    const auto buffer = std::make_unique_for_overwrite<char[]>(k_piece);
    Unpacker unpacker{take};
    while (true) {
        if (stop.stop_requested())
            return std::unexpected(failure(core::ErrorKind::cancelled, path, "interrupted", ""));
        if (deadline.passed())
            return std::unexpected(failure(core::ErrorKind::timeout, path,
                                           "not read to its end in time",
                                           "--deadline gives it longer"));
        const auto many = ::read(descriptor.number(), buffer.get(), k_piece);
        if (many < 0 && errno == EINTR) continue;
        if (many < 0 && errno == EAGAIN) {
            TRY(wait_for_more(descriptor.number(), path, deadline, stop));
            continue;
        }
        if (many < 0) return std::unexpected(system_failure(path, errno));
        if (many == 0) break;
        if (!unpacker.push({buffer.get(), static_cast<std::size_t>(many)})) break;
    }
    const auto problem = unpacker.end();
    if (!problem.empty())
        return std::unexpected(
            failure(core::ErrorKind::protocol, path, problem, "what could be unpacked was read"));
    return {};
}

} // namespace probe
