// SPDX-License-Identifier: MIT
#include "watch/look.hpp"

#include <algorithm>

namespace watch {

void EngineMemory::take(const Look& look, core::Time now) {
    const auto silent = std::ranges::find(look.engines, false, &EngineAnswer::answered);
    m_silent = silent != look.engines.end();
    if (!m_silent) {
        m_away.reset();
        if (look.engines.empty()) return;
        m_ever = true;
        m_seen = now;
        const auto services = std::ranges::find(look.report.details, std::string_view{"services"},
                                                &report::Block::id);
        m_services = services == look.report.details.end() ? report::Block{} : *services;
        return;
    }
    if (!m_ever) return; // it was away from the beginning: there is nothing to remember
    const int tries = m_away ? m_away->tries : 0;
    m_away = Away{silent->url, tries + 1, m_seen, m_services};
}

} // namespace watch
