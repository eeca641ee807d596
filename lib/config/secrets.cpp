// SPDX-License-Identifier: MIT
#include "config/secrets.hpp"

#include "core/deadline.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace config {
namespace {

constexpr std::size_t k_most_secret = 64UL * 1024;

std::string reason(int code) {
    return std::generic_category().message(code);
}

class Descriptor {
  public:
    explicit Descriptor(const char* path)
        // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        : m_number(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}

    ~Descriptor() {
        if (m_number >= 0) ::close(m_number);
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const { return m_number; }

  private:
    int m_number;
};

/// Waits until there is something to read; false at the deadline.
bool wait_readable(int descriptor, core::Deadline deadline) {
    pollfd wanted{descriptor, POLLIN, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(deadline.remaining().count()));
    return ready > 0 || (ready < 0 && errno == EINTR && !deadline.passed());
}

std::expected<std::string, std::string> read_all(int descriptor, std::size_t limit) {
    const auto deadline = core::Deadline::after(std::chrono::seconds{10});
    std::string text;
    std::array<char, 16384> buffer{};
    while (true) {
        if (!wait_readable(descriptor, deadline)) return std::unexpected("nothing came in 10 s");
        const auto got = ::read(descriptor, buffer.data(), buffer.size());
        if (got == 0) return text;
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got < 0) return std::unexpected(reason(errno));
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > limit) return std::unexpected(fmt::format("larger than {} bytes", limit));
    }
}

} // namespace

std::expected<FileText, std::string> read_text(const std::filesystem::path& file,
                                               std::size_t limit) {
    const Descriptor descriptor(file.c_str());
    if (descriptor.number() < 0) return std::unexpected(reason(errno));
    struct stat about{};

    if (::fstat(descriptor.number(), &about) != 0) return std::unexpected(reason(errno));
    if (S_ISDIR(about.st_mode)) return std::unexpected("it is a folder");
    if (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode))
        return std::unexpected("it is not a regular file");
    auto text = read_all(descriptor.number(), limit);
    if (!text) return std::unexpected(std::move(text).error());
    return FileText{*std::move(text), (about.st_mode & (S_IRGRP | S_IROTH)) != 0};
}

std::expected<std::string, std::string> read_secret(const std::filesystem::path& file) {
    const std::string shown = core::printable(file.string());
    auto found = read_text(file, k_most_secret);
    if (!found)
        return std::unexpected(
            fmt::format("cannot read the secret in {}: {}", shown, found.error()));
    std::string text = std::move(found->text);
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) return std::unexpected(fmt::format("the secret's file {} is empty", shown));
    if (text.find('\0') != std::string::npos)
        return std::unexpected(fmt::format("the secret's file {} holds a zero byte", shown));
    return text;
}

bool is_secret_name(std::string_view name) {
    const std::string lower = core::to_lower(name);
    return std::ranges::any_of(
        std::array<std::string_view, 7>{"auth", "cookie", "token", "secret", "key", "passw",
                                        "sign"},
        [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

std::string shell_word(std::string_view path) {
    const auto is_plain = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || std::string_view{"/._-+,:@%="}.find(static_cast<char>(c))
                      != std::string_view::npos;
    };
    if (!path.empty() && path.front() != '-' && std::ranges::all_of(path, is_plain))
        return std::string{path};
    std::string out = path.starts_with('-') ? "./'" : "'";
    for (const char c : path)
        out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

} // namespace config
