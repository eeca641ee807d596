// SPDX-License-Identifier: MIT
#include "probe/log_file.hpp"

#include "net/system.hpp"
#include "probe/log_open.hpp"
#include "probe/unpack.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace probe {
namespace {

constexpr std::size_t k_piece = std::size_t{256} << 10U;
constexpr int k_slice_ms = 50;

/// Waits until something can be read; a plain file always can.
core::Result<void> wait_for_more(int descriptor, const std::filesystem::path& path,
                                 core::Deadline deadline, const std::stop_token& stop) {
    pollfd waiting{descriptor, POLLIN, 0};
    while (::poll(&waiting, 1, k_slice_ms) == 0) {
        if (stop.stop_requested())
            return std::unexpected(
                log_failure(core::ErrorKind::cancelled, path, "interrupted", ""));
        if (deadline.passed())
            return std::unexpected(log_failure(core::ErrorKind::timeout, path,
                                               "nothing more came in time",
                                               "--deadline gives it longer"));
    }
    return {};
}

/// Reads on, whatever interrupts; 0 at the end.
core::Result<std::size_t> read_some(const net::Descriptor& descriptor, char* room,
                                    const std::filesystem::path& path, core::Deadline deadline,
                                    const std::stop_token& stop) {
    while (true) {
        if (stop.stop_requested())
            return std::unexpected(
                log_failure(core::ErrorKind::cancelled, path, "interrupted", ""));
        if (deadline.passed())
            return std::unexpected(log_failure(core::ErrorKind::timeout, path,
                                               "not read to its end in time",
                                               "--deadline gives it longer"));
        if (path == "-") TRY(wait_for_more(descriptor.get(), path, deadline, stop));
        const auto many = ::read(descriptor.get(), room, k_piece);
        if (many >= 0) return static_cast<std::size_t>(many);
        if (errno == EAGAIN)
            TRY(wait_for_more(descriptor.get(), path, deadline, stop));
        else if (errno != EINTR)
            return std::unexpected(log_system_failure(path, errno));
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

core::Result<void> read_lines_of(const LogPart& part, const net::Descriptor& descriptor,
                                 const TakeBytes& take, core::Deadline deadline,
                                 const std::stop_token& stop) {
    PartOfLines lines{part};
    if (::lseek(descriptor.get(), static_cast<off_t>(lines.first_byte()), SEEK_SET) < 0)
        return std::unexpected(log_system_failure(part.file, errno));
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
    if (file == "-") return whole;
    const auto descriptor = open_log(file);
    if (!descriptor) return whole;
    struct stat about{};
    std::array<char, 4> head{};
    if (::fstat(descriptor->get(), &about) != 0 || !S_ISREG(about.st_mode)
        || static_cast<std::uint64_t>(about.st_size) < 2 * size
        || ::read(descriptor->get(), head.data(), head.size()) != std::ssize(head)
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
    TRY_ASSIGN(const auto descriptor, open_log(part.file));
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
        return std::unexpected(log_failure(core::ErrorKind::protocol, part.file, problem,
                                           "what could be unpacked was read"));
    return {};
}

} // namespace probe
