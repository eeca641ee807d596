// SPDX-License-Identifier: MIT
#include "logs/lines.hpp"

#include <cstring>

namespace logs {

void LineCutter::push(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto* end = static_cast<const char*>(std::memchr(bytes.data(), '\n', bytes.size()));
        if (end == nullptr) {
            hold(bytes);
            return;
        }
        const auto many = static_cast<std::size_t>(end - bytes.data());
        if (m_open.empty()) {
            hand_on(bytes.substr(0, many));
        } else {
            hold(bytes.substr(0, many));
            hand_on(m_open);
            m_open.clear();
        }
        m_too_long = false;
        bytes.remove_prefix(many + 1);
    }
}

void LineCutter::end() {
    if (!m_open.empty()) hand_on(m_open);
    m_open.clear();
    m_too_long = false;
}

void LineCutter::hold(std::string_view bytes) {
    const auto room = m_longest - m_open.size();
    m_too_long = m_too_long || bytes.size() > room;
    m_open += bytes.substr(0, room);
}

void LineCutter::hand_on(std::string_view line) {
    if (m_too_long || line.size() > m_longest) ++m_cut;
    line = line.substr(0, m_longest);
    if (line.ends_with('\r')) line.remove_suffix(1);
    m_take(line);
}

} // namespace logs
