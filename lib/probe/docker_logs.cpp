// SPDX-License-Identifier: MIT
#include "probe/docker_logs.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace probe {
namespace {

constexpr std::size_t k_frame_head = 8;
constexpr std::size_t k_most_line = 2048;

bool is_head(std::string_view bytes) {
    return bytes.size() >= k_frame_head && static_cast<unsigned char>(bytes[0]) <= 2
           && bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 0;
}

std::size_t length_of(std::string_view head) {
    std::uint32_t length = 0;
    for (std::size_t i = 4; i < k_frame_head; ++i)
        length = (length << 8U) | static_cast<unsigned char>(head[i]);
    return length;
}

/// Puts the pieces of streams together to lines, and hands them on.
class Joiner {
  public:
    explicit Joiner(const TakeLine& take) : m_take(take) {}

    /// Takes in more of a stream, whose line that has not ended yet is `open`.
    void add(std::string& open, std::string_view piece) {
        for (auto end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
            if (open.empty()) {
                hand_on(piece.substr(0, end));
            } else {
                extend(open, piece.substr(0, end));
                hand_on(open);
                open.clear();
            }
            piece.remove_prefix(end + 1);
        }
        extend(open, piece);
    }

    void end(const std::string& open) {
        if (!open.empty()) hand_on(open);
    }

    [[nodiscard]] std::size_t lines() const { return m_lines; }

  private:
    static void extend(std::string& open, std::string_view piece) {
        open += piece.substr(0, k_most_line - open.size());
    }

    void hand_on(std::string_view line) {
        ++m_lines;
        line = line.substr(0, k_most_line);
        while (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!core::trim(line).empty()) m_take(line);
    }

    const TakeLine& m_take;
    std::size_t m_lines = 0;
};

} // namespace

std::size_t each_log_line(std::string_view body, LogForm form, const TakeLine& take) {
    Joiner joiner{take};
    std::array<std::string, 3> open{};
    // Some servers send raw text where frames are due; a frame's head is unmistakable.
    if (form == LogForm::raw || !is_head(body)) joiner.add(open[0], body);
    // A line longer than 16 KiB comes in several pieces, between which the other stream may speak.
    while (form == LogForm::frames && is_head(body)) {
        const auto stream = static_cast<unsigned char>(body[0]);
        const std::size_t length = std::min(length_of(body), body.size() - k_frame_head);
        joiner.add(open.at(stream), body.substr(k_frame_head, length));
        body.remove_prefix(k_frame_head + length);
    }
    for (const auto& line : open)
        joiner.end(line);
    return joiner.lines();
}

std::vector<std::string> last_log_lines(std::string_view body, LogForm form,
                                        std::size_t most_lines) {
    std::vector<std::string> lines;
    each_log_line(body, form, [&](std::string_view line) { lines.emplace_back(line); });
    if (lines.size() > most_lines)
        lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(most_lines));
    return lines;
}

} // namespace probe
