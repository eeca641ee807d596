// SPDX-License-Identifier: MIT
#include "probe/proc_file.hpp"

#include "core/text.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace probe {
namespace {

core::Error cannot_read(const std::filesystem::path& path, int code) {
    return {core::ErrorKind::observer,
            "read",
            path.string(),
            "cannot read " + path.string() + ": " + std::generic_category().message(code),
            code == EMFILE || code == ENFILE ? "raise the limit of open files (ulimit -n)" : "",
            core::Phase::none,
            {},
            code == EMFILE || code == ENFILE ? core::OwnTrouble::descriptors
                                             : core::OwnTrouble::none};
}

} // namespace

core::Result<std::string> read_proc_file(const std::filesystem::path& path, std::size_t limit) {
    // O_NONBLOCK: what stands in the place of the file may be a pipe.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return std::unexpected(cannot_read(path, errno));
    std::string text;
    std::array<char, 16384> buffer{};
    ssize_t got = 0;
    while (text.size() <= limit && (got = ::read(fd, buffer.data(), buffer.size())) != 0) {
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    const int code = errno;
    ::close(fd);
    if (got < 0) return std::unexpected(cannot_read(path, code));
    if (text.size() > limit) {
        auto error = cannot_read(path, EFBIG);
        error.kind = core::ErrorKind::too_large;
        return std::unexpected(std::move(error));
    }
    return text;
}

std::optional<std::string> try_read(const std::filesystem::path& path) {
    auto text = read_proc_file(path);
    if (!text) return std::nullopt;
    return *std::move(text);
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
    text = core::trim(text);
    std::uint64_t number = 0;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [stop, failure] = std::from_chars(begin, end, number);
    if (failure != std::errc{} || stop != end) return std::nullopt;
    return number;
}

std::string_view take_word(std::string_view& text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        text = {};
        return {};
    }
    text.remove_prefix(first);
    const std::size_t length = text.find_first_of(" \t\r\n");
    const std::string_view word = text.substr(0, length);
    text.remove_prefix(word.size());
    return word;
}

std::optional<std::uint64_t> keyed_count(std::string_view text, std::string_view key) {
    for (auto line : core::split(text, '\n')) {
        auto word = take_word(line);
        if (!word.empty() && word.back() == ':') word.remove_suffix(1);
        if (word == key) return parse_count(take_word(line));
    }
    return std::nullopt;
}

} // namespace probe
