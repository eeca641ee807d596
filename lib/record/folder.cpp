// SPDX-License-Identifier: MIT
#include "record/folder.hpp"

#include "core/text.hpp"
#include "record/codec.hpp"
#include "record/limits.hpp"
#include "record/scrub.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace record {
namespace {

namespace fs = std::filesystem;

std::string reason(int code) {
    return std::generic_category().message(code);
}

/// A file descriptor that is closed with it.
class Descriptor {
  public:
    explicit Descriptor(int value) : m_value(value) {}

    ~Descriptor() {
        if (m_value >= 0) ::close(m_value);
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int get() const { return m_value; }

  private:
    int m_value;
};

core::Result<void> failed(int code, const fs::path& file) {
    const bool denied = code == EACCES || code == EPERM || code == EROFS;
    return std::unexpected(
        core::Error{.kind = denied ? core::ErrorKind::permission : core::ErrorKind::observer,
                    .what = "write the recording",
                    .where = file.string(),
                    .reason = reason(code)});
}

core::Result<void> write_new(const fs::path& file, std::string_view content) {
    const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (out.get() < 0) return failed(errno, file);
    while (!content.empty()) {
        const auto written = ::write(out.get(), content.data(), content.size());
        if (written > 0)
            content.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            return failed(errno, file);
    }
    if (::fsync(out.get()) != 0) return failed(errno, file);
    return {};
}

/// A folder that can't be synced (some network file systems) still has its entries.
void sync(const fs::path& folder) {
    const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (open.get() >= 0) (void)::fsync(open.get());
}

fs::path parent_of(const fs::path& place) {
    return place.has_parent_path() ? place.parent_path() : fs::path{"."};
}

[[noreturn]] void refuse(const fs::path& place, std::string_view why) {
    throw core::UsageError(fmt::format("--record {}: {}", core::printable(place.string()), why));
}

/// Without the slash at the end, and not "." or "..": it is renamed into its place.
fs::path checked(fs::path place) {
    if (place.empty()) throw core::UsageError("--record needs the name of a new folder");
    std::error_code failure;
    place = fs::absolute(place, failure).lexically_normal();
    if (!place.has_filename()) place = place.parent_path();
    const auto status = fs::symlink_status(place, failure);
    if (fs::is_symlink(status)) refuse(place, "it is a link; name a folder that does not exist");
    if (fs::exists(status) && !fs::is_directory(status))
        refuse(place, "it exists and is no folder");
    if (fs::is_directory(status) && !fs::is_empty(place, failure))
        refuse(place, failure ? failure.message()
                              : "it exists and is not empty; a recording needs a new folder");
    return place;
}

core::Result<std::string> read_regular(const fs::path& file) {
    core::Error error{.kind = core::ErrorKind::missing, .where = file.string()};
    // Never waits for the other end of a pipe.
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info{};
    if (in.get() < 0 || ::fstat(in.get(), &info) != 0) {
        error.reason = reason(errno);
        return std::unexpected(std::move(error));
    }
    if (!S_ISREG(info.st_mode)) {
        error.reason = "no regular file";
        return std::unexpected(std::move(error));
    }
    std::string text;
    std::array<char, 65536> part{};
    for (;;) {
        const auto size = ::read(in.get(), part.data(), part.size());
        if (size == 0) return text;
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) {
            error.reason = reason(errno);
            return std::unexpected(std::move(error));
        }
        text.append(part.data(), static_cast<std::size_t>(size));
        if (text.size() > k_most_bytes) return text; // refused by `decode`
    }
}

std::string read_part(const fs::path& folder, std::string_view name) {
    auto text = read_regular(folder / name);
    if (!text)
        throw core::ConfigError(fmt::format(
            "{}: {}; a recording has {}, {} and {}", core::printable((folder / name).string()),
            text.error().reason, k_head_file, k_config_file, k_observations_file));
    return *std::move(text);
}

} // namespace

NewFolder::NewFolder(fs::path place) : m_place(checked(std::move(place))) {
    const auto name = m_place.filename().string().substr(0, 200);
    auto hidden = (parent_of(m_place) / fmt::format(".{}.XXXXXX", name)).string();
    if (::mkdtemp(hidden.data()) == nullptr) // mode 0700
        refuse(m_place, fmt::format("{} can't be written to: {}",
                                    core::printable(parent_of(m_place).string()), reason(errno)));
    m_hidden = hidden;
}

NewFolder::~NewFolder() {
    std::error_code ignored;
    if (!m_hidden.empty()) fs::remove_all(m_hidden, ignored);
}

core::Result<Recording> NewFolder::keep(Recording recording) {
    scrub(recording);
    const auto files = encode(recording);
    for (const auto& [name, text] :
         {std::pair{k_head_file, &files.head}, std::pair{k_config_file, &files.config},
          std::pair{k_observations_file, &files.observations}}) {
        if (text->size() > k_most_bytes)
            return std::unexpected(
                core::Error{.kind = core::ErrorKind::too_large,
                            .what = "write the recording",
                            .where = std::string{name},
                            .reason = fmt::format("larger than {} MiB", k_most_bytes >> 20)});
        TRY(write_new(m_hidden / name, *text));
    }
    sync(m_hidden);
    if (::rename(m_hidden.c_str(), m_place.c_str()) != 0) {
        TRY(failed(errno, m_place));
    }
    m_hidden.clear();
    sync(parent_of(m_place));
    return decode(files);
}

Recording load(const fs::path& folder) {
    std::error_code failure;
    const auto status = fs::status(folder, failure);
    if (!fs::exists(status))
        throw core::UsageError(
            fmt::format("--replay {}: no such folder", core::printable(folder.string())));
    if (!fs::is_directory(status))
        throw core::UsageError(
            fmt::format("--replay {}: it is no folder; name the one that --record made",
                        core::printable(folder.string())));
    return decode({.head = read_part(folder, k_head_file),
                   .config = read_part(folder, k_config_file),
                   .observations = read_part(folder, k_observations_file)});
}

} // namespace record
