// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watch {

enum class Key : std::uint8_t {
    character, ///< `text` holds it, in UTF-8
    up,
    down,
    page_up,
    page_down,
    home,
    end,
    enter,
    escape,
    backspace,
    erase_line, ///< Ctrl-U
    redraw,     ///< Ctrl-L
};

struct KeyEvent {
    Key key = Key::character;
    std::string text{};

    bool operator==(const KeyEvent&) const = default;
};

/// Makes keys of the bytes that a terminal sends (ECMA-48 and what xterm, rxvt, screen and the
/// Linux console make of it). What it does not know is swallowed whole, so that an unknown key
/// never reads as letters. Remembers at most one unfinished sequence.
class KeyReader {
  public:
    /// Returns the keys that `bytes` complete.
    [[nodiscard]] std::vector<KeyEvent> take(std::string_view bytes);

    /// Returns whether the last bytes may go on: ESC alone is a key, or the start of many.
    [[nodiscard]] bool waiting() const { return !m_rest.empty(); }

    /// Returns the key that the unfinished bytes are when nothing follows them in a moment: ESC.
    [[nodiscard]] std::vector<KeyEvent> give_up();

  private:
    std::string m_rest{};
};

} // namespace watch
