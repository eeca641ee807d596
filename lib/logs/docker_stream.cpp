// SPDX-License-Identifier: MIT
#include "logs/docker_stream.hpp"

#include <algorithm>

namespace logs {
namespace {

constexpr std::size_t k_frame_head = 8;

bool may_be_frame(std::string_view head) {
    if (!head.empty() && static_cast<unsigned char>(head[0]) > 2) return false;
    return std::ranges::all_of(head.substr(std::min<std::size_t>(1, head.size()), 3),
                               [](char c) { return c == '\0'; });
}

std::size_t length_in(std::string_view head) {
    std::size_t length = 0;
    for (const char c : head.substr(4, 4))
        length = length << 8U | static_cast<unsigned char>(c);
    return length;
}

} // namespace

DockerStream::DockerStream(Take take)
    : m_take(std::move(take)), m_out([this](std::string_view line) { hand_on(Side::out, line); }),
      m_error([this](std::string_view line) { hand_on(Side::error, line); }) {}

void DockerStream::push(std::string_view bytes) {
    while (!bytes.empty()) {
        if (m_bare) return m_out.push(bytes);
        if (m_left > 0) {
            const auto piece = bytes.substr(0, m_left);
            cutter(m_stream).push(piece);
            m_left -= piece.size();
            bytes.remove_prefix(piece.size());
            continue;
        }
        const auto missing = std::min(k_frame_head - m_head.size(), bytes.size());
        m_head += bytes.substr(0, missing);
        bytes.remove_prefix(missing);
        if (!may_be_frame(m_head)) {
            m_bare = true;
            m_out.push(m_head);
            m_head.clear();
        } else if (m_head.size() == k_frame_head) {
            m_stream = static_cast<unsigned char>(m_head[0]);
            m_left = length_in(m_head);
            m_head.clear();
        }
    }
}

void DockerStream::end() {
    m_out.end();
    m_error.end();
}

void DockerStream::hand_on(Side side, std::string_view line) {
    const auto blank = line.find(' ');
    const auto time = core::parse_rfc3339(line.substr(0, blank));
    if (!time) return m_take(side, line, std::nullopt);
    m_take(side, blank == std::string_view::npos ? "" : line.substr(blank + 1), time);
}

} // namespace logs
