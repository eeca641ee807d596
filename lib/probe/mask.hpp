// SPDX-License-Identifier: MIT
#pragma once

#include "core/secret.hpp"
#include "core/text.hpp"

#include <string>
#include <string_view>

namespace probe {

/// Returns what a server said as it may stand in an error: its first line, printable, at most
/// `width` columns, and without `secret`, which a hostile or careless server may send back.
[[nodiscard]] inline std::string quoted_answer(std::string_view text, const core::Secret& secret,
                                               std::size_t width = 200) {
    std::string line{core::trim(text.substr(0, 4096))};
    const std::string& hidden = secret.reveal();
    if (!hidden.empty()) {
        for (std::size_t at = line.find(hidden); at != std::string::npos;
             at = line.find(hidden, at + core::k_masked.size()))
            line.replace(at, hidden.size(), core::k_masked);
    }
    line = line.substr(0, line.find_first_of("\r\n"));
    return core::cut_end(core::printable(line), width);
}

} // namespace probe
