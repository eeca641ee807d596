// SPDX-License-Identifier: MIT
#include "probe/log_file.hpp"

#include "probe/unpack.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
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

/// Reads on, whatever interrupts; 0 at the end.
core::Result<std::size_t> read_some(const Descriptor& descriptor, char* room,
                                    const std::filesystem::path& path, core::Deadline deadline,
                                    const std::stop_token& stop) {
    while (true) {
        if (stop.stop_requested())
            return std::unexpected(failure(core::ErrorKind::cancelled, path, "interrupted", ""));
        if (deadline.passed())
            return std::unexpected(failure(core::ErrorKind::timeout, path,
                                           "not read to its end in time",
                                           "--deadline gives it longer"));
        const auto many = ::read(descriptor.number(), room, k_piece);
        if (many >= 0) return static_cast<std::size_t>(many);
        if (errno == EAGAIN)
            TRY(wait_for_more(descriptor.number(), path, deadline, stop));
        else if (errno != EINTR)
            return std::unexpected(system_failure(path, errno));
    }
}

/// Of the pieces of a file, those bytes that belong to the lines of a part.
class PartOfLines {
  public:
    explicit PartOfLines(const LogPart& part)
        : m_at(part.begin == 0 ? 0 : part.begin - 1), m_end(part.end), m_started(part.begin == 0) {}

    /// Where to begin to read: a byte earlier, which tells whether a line begins with the part.
    [[nodiscard]] std::uint64_t first_byte() const { return m_at; }

    /// Returns what of the next piece belongs to the part.
    std::string_view take(std::string_view piece) {
        const auto begin = m_at;
        m_at += piece.size();
        std::size_t skipped = 0;
        if (!m_started) {
            const auto end = piece.find('\n');
            if (end == std::string_view::npos) return {};
            skipped = end + 1;
            m_started = true;
            m_done = m_end != 0 && begin + skipped >= m_end; // no line begins in it
            if (m_done) return {};
        }
        if (m_end == 0) return piece.substr(skipped);
        // The last line may reach beyond the part: it ends with the first end of a line from there
        // on.
        const auto last = m_end - 1 > begin + skipped ? m_end - 1 - begin : skipped;
        const auto end = last >= piece.size() ? std::string_view::npos : piece.find('\n', last);
        if (end == std::string_view::npos) return piece.substr(skipped);
        m_done = true;
        return piece.substr(skipped, end + 1 - skipped);
    }

    [[nodiscard]] bool done() const { return m_done; }

  private:
    std::uint64_t m_at;
    std::uint64_t m_end;
    bool m_started;
    bool m_done = false;
};

core::Result<void> read_lines_of(const LogPart& part, const Descriptor& descriptor,
                                 const TakeBytes& take, core::Deadline deadline,
                                 const std::stop_token& stop) {
    PartOfLines lines{part};
    if (::lseek(descriptor.number(), static_cast<off_t>(lines.first_byte()), SEEK_SET) < 0)
        return std::unexpected(system_failure(part.file, errno));
    const auto buffer = std::make_unique_for_overwrite<char[]>(k_piece);
    while (!lines.done()) {
        TRY_ASSIGN(const auto many, read_some(descriptor, buffer.get(), part.file, deadline, stop));
        if (many == 0) break;
        const auto mine = lines.take({buffer.get(), many});
        if (!mine.empty()) take(mine);
    }
    return {};
}

} // namespace

std::vector<LogPart> parts_of(const std::filesystem::path& file, std::uint64_t size) {
    std::vector whole{LogPart{file, 0, 0}};
    const auto opened = file == "-" ? std::unexpected(core::Error{}) : open_log(file);
    if (!opened) return whole;
    const Descriptor descriptor{*opened};
    struct stat about{};
    std::array<char, 4> head{};
    if (::fstat(descriptor.number(), &about) != 0 || !S_ISREG(about.st_mode)
        || static_cast<std::uint64_t>(about.st_size) < 2 * size
        || ::read(descriptor.number(), head.data(), head.size()) != std::ssize(head)
        || is_packed({head.data(), head.size()}))
        return whole;
    std::vector<LogPart> parts;
    const auto bytes = static_cast<std::uint64_t>(about.st_size);
    for (std::uint64_t begin = 0; begin < bytes; begin += size)
        parts.push_back({file, begin, begin + size < bytes ? begin + size : 0});
    return parts;
}

core::Result<void> read_log(const LogPart& part, const TakeBytes& take, core::Deadline deadline,
                            const std::stop_token& stop) {
    TRY_ASSIGN(const int opened, open_log(part.file));
    const Descriptor descriptor{opened};
    if (part.begin > 0 || part.end > 0)
        return read_lines_of(part, descriptor, take, deadline, stop);
    const auto buffer = std::make_unique_for_overwrite<char[]>(k_piece);
    Unpacker unpacker{take};
    while (true) {
        TRY_ASSIGN(const auto many, read_some(descriptor, buffer.get(), part.file, deadline, stop));
        if (many == 0 || !unpacker.push({buffer.get(), many})) break;
    }
    const auto problem = unpacker.end();
    if (!problem.empty())
        return std::unexpected(failure(core::ErrorKind::protocol, part.file, problem,
                                       "what could be unpacked was read"));
    return {};
}

} // namespace probe
