// SPDX-License-Identifier: MIT
#pragma once

#include "watch/keys.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace watch {

enum class Sort : std::uint8_t { gravity, name, newest };
enum class Pane : std::uint8_t { report, explanation, help };

/// What a person has done to the screen.
struct View {
    Pane pane = Pane::report;
    std::size_t top = 0;        ///< the first line of the pane's body that is shown
    std::size_t report_top = 0; ///< where the report stood while another pane is open
    std::string filter{};       ///< only what holds this text is shown; empty: everything
    bool typing = false;        ///< the filter is being typed
    Sort sort = Sort::gravity;
    std::string selected{};         ///< key of an item (Item::key)
    std::string explained{};        ///< id of the finding that the explanation is about
    std::set<std::string> opened{}; ///< groups that show each of their findings
    bool verbose = false;
    bool paused = false;
    bool quit = false;

    bool operator==(const View&) const = default;
};

/// Something that can be selected: a finding (its id) or a group.
struct Item {
    std::string key{};
    std::size_t line = 0; ///< of the body, where it begins
    bool group = false;

    bool operator==(const Item&) const = default;
};

/// The body that the view moves over.
struct Extent {
    std::vector<Item> items{}; ///< from top to bottom
    std::size_t lines = 0;     ///< of the body
    std::size_t height = 0;    ///< of the window on it
};

/// Returns what the view becomes by a key. Pure.
[[nodiscard]] View press(View view, const KeyEvent& event, const Extent& extent);

/// Returns the view fitted to a body that changed under it: what is selected exists, the window
/// stays inside the body. With `reveal` the selected item is brought into the window.
[[nodiscard]] View settle(View view, const Extent& extent, bool reveal);

} // namespace watch
