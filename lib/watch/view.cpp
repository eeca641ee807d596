// SPDX-License-Identifier: MIT
#include "watch/view.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace watch {
namespace {

std::size_t last_top(const Extent& extent) {
    return extent.lines > extent.height ? extent.lines - extent.height : 0;
}

/// Where the selected item stands in the list, or its size.
std::size_t position(const View& view, const Extent& extent) {
    const auto at = std::ranges::find(extent.items, view.selected, &Item::key);
    return static_cast<std::size_t>(at - extent.items.begin());
}

/// Selects what the window shows first, so that the next step goes on from there.
void select_shown(View& view, const Extent& extent) {
    const auto shown = [&](const Item& item) {
        return item.line >= view.top && item.line < view.top + extent.height;
    };
    const auto at = position(view, extent);
    if (at < extent.items.size() && shown(extent.items[at])) return;
    const auto first = std::ranges::find_if(extent.items, shown);
    if (first != extent.items.end()) view.selected = first->key;
}

void scroll(View& view, const Extent& extent, std::ptrdiff_t lines) {
    const auto to = std::max<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(view.top) + lines, 0);
    view.top = std::min(static_cast<std::size_t>(to), last_top(extent));
}

/// One item on or back; a line where there is none, or where the next one is further than a page.
void step(View& view, const Extent& extent, int direction) {
    const bool selects = view.pane == Pane::report && !extent.items.empty();
    const auto at = position(view, extent);
    if (selects && at == extent.items.size()) {
        view.selected = extent.items.front().key;
        view = settle(std::move(view), extent, true);
        return;
    }
    const bool more = direction > 0 ? at + 1 < extent.items.size() : at > 0;
    if (!selects || !more) {
        scroll(view, extent, direction);
        return;
    }
    const auto& next = extent.items[direction > 0 ? at + 1 : at - 1];
    const std::size_t window_end = view.top + extent.height;
    if (direction > 0 && next.line >= window_end + extent.height) {
        scroll(view, extent, static_cast<std::ptrdiff_t>(extent.height) / 2);
        return;
    }
    view.selected = next.key;
    view = settle(std::move(view), extent, true);
    // The top of the list has lines above its first item.
    if (direction < 0 && at == 1) view.top = std::min(view.top, next.line);
}

void page(View& view, const Extent& extent, int direction) {
    const auto lines = static_cast<std::ptrdiff_t>(std::max<std::size_t>(extent.height, 2) - 1);
    scroll(view, extent, direction * lines);
    if (view.pane == Pane::report) select_shown(view, extent);
}

void jump(View& view, const Extent& extent, bool to_end) {
    view.top = to_end ? last_top(extent) : 0;
    if (view.pane != Pane::report || extent.items.empty()) return;
    view.selected = to_end ? extent.items.back().key : extent.items.front().key;
}

void open_pane(View& view, Pane pane) {
    if (view.pane == Pane::report) view.report_top = view.top;
    view.pane = pane;
    view.top = 0;
}

void close_pane(View& view) {
    view.pane = Pane::report;
    view.top = view.report_top;
}

void open_selected(View& view, const Extent& extent) {
    const auto at = position(view, extent);
    if (at == extent.items.size()) return;
    const auto& item = extent.items[at];
    if (!item.group) {
        view.explained = item.key;
        open_pane(view, Pane::explanation);
    } else if (view.opened.erase(item.key) == 0) {
        view.opened.insert(item.key);
    }
}

/// Takes the last character off, all of its bytes.
void take_back(std::string& text) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80)
        text.pop_back();
    if (!text.empty()) text.pop_back();
}

View type(View view, const KeyEvent& event) {
    constexpr std::size_t k_longest = 128;
    switch (event.key) {
    case Key::enter:
        view.typing = false;
        break;
    case Key::escape:
        view.typing = false;
        view.filter.clear();
        break;
    case Key::backspace:
        if (view.filter.empty()) view.typing = false;
        take_back(view.filter);
        break;
    case Key::erase_line:
        view.filter.clear();
        break;
    case Key::character:
        if (view.filter.size() + event.text.size() <= k_longest) view.filter += event.text;
        break;
    default:
        return view;
    }
    view.top = 0;
    return view;
}

void press_character(View& view, char c, const Extent& extent) {
    const bool in_report = view.pane == Pane::report;
    switch (c) {
    case 'q':
        if (in_report)
            view.quit = true;
        else
            close_pane(view);
        break;
    case 'j':
        step(view, extent, 1);
        break;
    case 'k':
        step(view, extent, -1);
        break;
    case 'g':
        jump(view, extent, false);
        break;
    case 'G':
        jump(view, extent, true);
        break;
    case 'e':
        if (in_report)
            open_selected(view, extent);
        else
            close_pane(view);
        break;
    case '?':
    case 'h':
        if (view.pane == Pane::help)
            close_pane(view);
        else
            open_pane(view, Pane::help);
        break;
    case ' ':
        view.paused = !view.paused;
        break;
    case '/':
        if (!in_report) close_pane(view);
        view.typing = true;
        break;
    case 's': {
        constexpr std::array k_next{Sort::name, Sort::newest, Sort::gravity};
        view.sort = k_next.at(static_cast<std::size_t>(view.sort));
        break;
    }
    case 'v':
        view.verbose = !view.verbose;
        break;
    default:
        break;
    }
}

} // namespace

View press(View view, const KeyEvent& event, const Extent& extent) {
    if (view.typing) return type(std::move(view), event);
    switch (event.key) {
    case Key::character:
        if (event.text.size() == 1) press_character(view, event.text[0], extent);
        break;
    case Key::up:
        step(view, extent, -1);
        break;
    case Key::down:
        step(view, extent, 1);
        break;
    case Key::page_up:
        page(view, extent, -1);
        break;
    case Key::page_down:
        page(view, extent, 1);
        break;
    case Key::home:
        jump(view, extent, false);
        break;
    case Key::end:
        jump(view, extent, true);
        break;
    case Key::enter:
        if (view.pane == Pane::report)
            open_selected(view, extent);
        else
            close_pane(view);
        break;
    case Key::escape:
        if (view.pane != Pane::report)
            close_pane(view);
        else
            view.filter.clear();
        break;
    case Key::backspace:
    case Key::erase_line:
    case Key::redraw:
        break;
    }
    return view;
}

View settle(View view, const Extent& extent, bool reveal) {
    if (view.pane == Pane::report) {
        auto at = position(view, extent);
        if (at == extent.items.size()) {
            view.selected = extent.items.empty() ? "" : extent.items.front().key;
            at = 0;
        }
        if (reveal && at < extent.items.size() && extent.height > 0) {
            const std::size_t line = extent.items[at].line;
            if (line < view.top) view.top = line;
            if (line >= view.top + extent.height) view.top = line - extent.height + 1;
        }
    }
    view.top = std::min(view.top, last_top(extent));
    return view;
}

} // namespace watch
