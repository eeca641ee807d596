// SPDX-License-Identifier: MIT
#include "probe/docker_logs.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace probe {
namespace {

constexpr std::size_t k_head = 8;
constexpr std::size_t k_most_line = 2048;

bool is_head(std::string_view bytes) {
    return bytes.size() >= k_head && static_cast<unsigned char>(bytes[0]) <= 2 && bytes[1] == 0
           && bytes[2] == 0 && bytes[3] == 0;
}

std::size_t length_of(std::string_view head) {
    std::uint32_t length = 0;
    for (std::size_t i = 4; i < k_head; ++i)
        length = (length << 8U) | static_cast<unsigned char>(head[i]);
    return length;
}

/// The streams' pieces, each stream's joined: a line longer than 16 KiB comes in several, between
/// which the other stream may speak.
std::vector<std::string> lines_of_frames(std::string_view body) {
    std::vector<std::string> lines;
    std::array<std::string, 3> open{};
    while (is_head(body)) {
        const auto stream = static_cast<unsigned char>(body[0]);
        const std::size_t length = std::min(length_of(body), body.size() - k_head);
        auto& line = open.at(stream);
        for (const char c : body.substr(k_head, length)) {
            if (c != '\n') {
                if (line.size() < k_most_line) line += c;
                continue;
            }
            lines.push_back(std::move(line));
            line.clear();
        }
        body.remove_prefix(k_head + length);
    }
    for (auto& line : open)
        if (!line.empty()) lines.push_back(std::move(line));
    return lines;
}

std::vector<std::string> lines_of_text(std::string_view body) {
    std::vector<std::string> lines;
    for (const auto line : core::split(body, '\n'))
        lines.emplace_back(line.substr(0, k_most_line));
    return lines;
}

} // namespace

std::vector<std::string> last_log_lines(std::string_view body, LogForm form,
                                        std::size_t most_lines) {
    // Some servers send raw text where frames are due; a frame's head is unmistakable.
    const bool framed = form == LogForm::frames && is_head(body);
    auto lines = framed ? lines_of_frames(body) : lines_of_text(body);
    for (auto& line : lines)
        while (!line.empty() && line.back() == '\r')
            line.pop_back();
    std::erase_if(lines, [](const std::string& line) { return core::trim(line).empty(); });
    if (lines.size() > most_lines)
        lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(most_lines));
    return lines;
}

} // namespace probe
