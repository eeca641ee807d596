// SPDX-License-Identifier: MIT
#include "report/render.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace report {
namespace {

namespace fs = std::filesystem;

core::Error error_of(int code, const fs::path& file, std::string_view what) {
    core::Error error;
    error.kind = core::ErrorKind::observer;
    if (code == EACCES || code == EPERM || code == EROFS) error.kind = core::ErrorKind::permission;
    if (code == ENOENT || code == ENOTDIR) error.kind = core::ErrorKind::missing;
    error.what = what;
    error.where = file.string();
    error.reason = std::generic_category().message(code);
    if (code == ENOENT) error.hint = "its folder must exist";
    return error;
}

class Descriptor {
  public:
    explicit Descriptor(int value) : m_value(value) {}

    ~Descriptor() { (void)close(); }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int get() const { return m_value; }

    /// Returns errno, or 0; a network file system reports here that it is full.
    [[nodiscard]] int close() {
        if (m_value < 0) return 0;
        return ::close(std::exchange(m_value, -1)) == 0 ? 0 : errno;
    }

  private:
    int m_value;
};

/// Returns errno, or 0.
int write_fully(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written >= 0) {
            content.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

core::Result<void> write_through(const fs::path& file, std::string_view content) {
    Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (descriptor.get() < 0) return std::unexpected(error_of(errno, file, "open"));
    const int failed = write_fully(descriptor.get(), content);
    if (failed == EPIPE) return {};
    if (failed != 0) return std::unexpected(error_of(failed, file, "write"));
    return {};
}

/// Writes a new file completely to the disk; returns errno, or 0.
int write_new(const fs::path& file, std::string_view content, const struct stat* like) {
    Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (descriptor.get() < 0) return errno;
    if (like != nullptr) {
        // Only root may give a file away; the mode must hold in any case.
        if (::fchown(descriptor.get(), like->st_uid, like->st_gid) != 0) errno = 0;
        if (::fchmod(descriptor.get(), like->st_mode & 07777U) != 0) return errno;
    }
    if (const int failed = write_fully(descriptor.get(), content); failed != 0) return failed;
    if (::fsync(descriptor.get()) != 0) return errno;
    return descriptor.close();
}

/// A name that no reader picks up: hidden, and without the ending that a collector looks for.
fs::path temporary_name(const fs::path& file) {
    const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
    return file.parent_path()
           / fmt::format(".{}.{}-{:x}.tmp", file.filename().string().substr(0, 200), ::getpid(),
                         ticks);
}

/// Makes the rename last. A folder that can't be synced (some network file systems) still has it.
void sync_folder(const fs::path& file) {
    const auto folder = file.parent_path().empty() ? fs::path{"."} : file.parent_path();
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.get() >= 0) (void)::fsync(descriptor.get());
}

bool is_stream(const fs::path& file) {
    const std::string name = file.string();
    return name.starts_with("/dev/") || name.starts_with("/proc/");
}

} // namespace

core::Result<void> write_atomically(const fs::path& file, std::string_view content) {
    struct stat info{};
    const bool exists = ::stat(file.c_str(), &info) == 0;
    if (exists && S_ISDIR(info.st_mode)) return std::unexpected(error_of(EISDIR, file, "write"));
    // /dev/stdout may lead to a regular file that others have open: never replace it.
    if ((exists && !S_ISREG(info.st_mode)) || is_stream(file)) return write_through(file, content);

    std::error_code ignored;
    auto real = exists ? fs::canonical(file, ignored) : file; // a link stays a link
    if (real.empty()) real = file;
    const auto temporary = temporary_name(real);
    if (const int failed = write_new(temporary, content, exists ? &info : nullptr); failed != 0) {
        if (failed != EEXIST) ::unlink(temporary.c_str());
        return std::unexpected(error_of(failed, file, "write"));
    }
    if (::rename(temporary.c_str(), real.c_str()) != 0) {
        const int failed = errno;
        ::unlink(temporary.c_str());
        return std::unexpected(error_of(failed, file, "replace"));
    }
    sync_folder(real);
    return {};
}

} // namespace report
