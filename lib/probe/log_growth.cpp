// SPDX-License-Identifier: MIT
#include "probe/log_growth.hpp"

#include "net/system.hpp"
#include "probe/log_open.hpp"
#include "probe/unpack.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace probe {
namespace {

/// How often a file is asked whether it has grown.
constexpr std::chrono::milliseconds k_growth_pause{250};

/// So many failures in a row are told: between two steps of a rotation there is no file.
constexpr int k_told_failures = 12; // three seconds

constexpr std::size_t k_growth_piece = std::size_t{64} << 10U;

/// A file by its name, and how far it was read.
class GrowingFile {
  public:
    GrowingFile(std::filesystem::path path, std::uint64_t backlog, const GrowthReader& reader)
        : m_path(std::move(path)), m_backlog(backlog), m_reader(reader), m_piece(k_growth_piece) {}

    /// Reads whatever is new.
    core::Result<void> read_on(const std::stop_token& stop) {
        if (!m_file.valid()) TRY(open());
        TRY(read_rest(stop));
        struct stat there{};
        const int code = ::stat(m_path.c_str(), &there) == 0 ? 0 : errno;
        if (code != 0 || there.st_dev != m_about.st_dev || there.st_ino != m_about.st_ino) {
            TRY(read_rest(stop)); // what was written between the two looks
            close();
            if (code != 0) return std::unexpected(log_system_failure(m_path, code));
            return read_on(stop);
        }
        if (static_cast<std::uint64_t>(there.st_size) < m_at) {
            m_at = 0;
            m_reader.begin_anew();
            return read_rest(stop);
        }
        return {};
    }

  private:
    core::Result<void> open() {
        TRY_ASSIGN(auto file, open_log(m_path));
        if (::fstat(file.get(), &m_about) != 0)
            return std::unexpected(log_system_failure(m_path, errno));
        std::array<char, 4> head{};
        const auto many = ::pread(file.get(), head.data(), head.size(), 0);
        if (!S_ISREG(m_about.st_mode)
            || is_packed({head.data(), many > 0 ? static_cast<std::size_t>(many) : 0}))
            return std::unexpected(log_failure(core::ErrorKind::refused, m_path,
                                               "no plain file, so nothing is appended to it",
                                               "leave --follow out to read what it has"));
        const auto size = static_cast<std::uint64_t>(m_about.st_size);
        m_at = size > m_backlog ? size - m_backlog : 0;
        m_in_line = m_at > 0;
        m_backlog = UINT64_MAX; // what comes later is read whole
        m_file = std::move(file);
        return {};
    }

    void close() {
        m_file = net::Descriptor{};
        m_reader.begin_anew();
    }

    core::Result<void> read_rest(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            const auto many =
                ::pread(m_file.get(), m_piece.data(), m_piece.size(), static_cast<off_t>(m_at));
            if (many < 0 && errno == EINTR) continue;
            if (many < 0) return std::unexpected(log_system_failure(m_path, errno));
            if (many == 0) return {};
            m_at += static_cast<std::uint64_t>(many);
            hand_on({m_piece.data(), static_cast<std::size_t>(many)});
        }
        return {};
    }

    /// The backlog begins somewhere in a line.
    void hand_on(std::string_view bytes) {
        if (m_in_line) {
            const auto end = bytes.find('\n');
            if (end == std::string_view::npos) return;
            bytes.remove_prefix(end + 1);
            m_in_line = false;
        }
        if (!bytes.empty()) m_reader.take(bytes);
    }

    std::filesystem::path m_path;
    std::uint64_t m_backlog;
    const GrowthReader& m_reader;
    std::vector<char> m_piece;
    net::Descriptor m_file{};
    struct stat m_about{};
    std::uint64_t m_at = 0;
    bool m_in_line = false;
};

std::string words_of(const core::Result<void>& result) {
    return result ? std::string{} : core::describe(result.error());
}

} // namespace

void follow_log(const std::filesystem::path& path, std::uint64_t backlog,
                const GrowthReader& reader, const std::stop_token& stop) {
    GrowingFile file{path, backlog, reader};
    std::optional<std::string> told;
    std::mutex mutex;
    std::condition_variable_any never;
    int failures = 0;
    while (!stop.stop_requested()) {
        const auto result = file.read_on(stop);
        failures = result ? 0 : failures + 1;
        const bool counts = failures == 0 || failures >= k_told_failures || !told;
        if (auto words = words_of(result); counts && told != words) {
            told = std::move(words);
            reader.outcome(result);
        }
        std::unique_lock lock{mutex};
        never.wait_for(lock, stop, k_growth_pause, [] { return false; });
    }
}

} // namespace probe
