// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "watch/view.hpp"

namespace watch_view_test {
namespace {

using watch::Extent;
using watch::Key;
using watch::Pane;
using watch::View;

/// Three problems of ten lines and a group below them, in a window of twelve.
Extent extent() {
    return {{{"a", 0}, {"b", 10}, {"c", 20}, {"host", 30, true}}, 34, 12};
}

View press(View view, const std::string& letters) {
    for (const char letter : letters)
        view = watch::press(std::move(view), {Key::character, std::string{letter}}, extent());
    return view;
}

View press(View view, Key key) {
    return watch::press(std::move(view), {key}, extent());
}

} // namespace

TEST_CASE("the selection moves from item to item and stays in the window") {
    View view = watch::settle({}, extent(), false);
    CHECK(view.selected == "a");
    view = press(view, "j");
    CHECK(view.selected == "b");
    CHECK(view.top == 0);
    view = press(view, Key::down);
    CHECK(view.selected == "c");
    CHECK(view.top == 9);
    view = press(view, "G");
    CHECK(view.selected == "host");
    CHECK(view.top == 22);
    CHECK(press(view, "j").top == 22); // the end is the end
    view = press(view, "k");
    CHECK(view.selected == "c");
    view = press(view, "g");
    CHECK(view.selected == "a");
    CHECK(view.top == 0);
    CHECK(press(view, "k").top == 0);
    view = press(view, Key::page_down);
    CHECK(view.top == 11);
    CHECK(view.selected == "c");
    CHECK(press(view, Key::page_up).top == 0);
}

TEST_CASE("a body that changes under the view never leaves it outside") {
    View view;
    view.selected = "gone";
    view.top = 1000;
    view = watch::settle(view, extent(), false);
    CHECK(view.selected == "a");
    CHECK(view.top == 22);
    view = watch::settle(view, {}, true);
    CHECK(view.selected.empty());
    CHECK(view.top == 0);
    view = watch::settle({.selected = "c"}, {{{"c", 20}}, 34, 0}, true); // no room at all
    CHECK(view.selected == "c");
    for (const char key : std::string{"jkgGe sv?q/x"})
        view = watch::press(view, {Key::character, std::string{key}}, Extent{});
    CHECK(view.filter == "x");
}

TEST_CASE("explain and help open over the report and give its place back") {
    View view = press(watch::settle({}, extent(), false), "jj");
    const auto top = view.top;
    for (const char* back : {"e", "q"}) {
        auto opened = press(view, Key::enter);
        CHECK(opened.pane == Pane::explanation);
        CHECK(opened.explained == "c");
        CHECK(opened.top == 0);
        opened = press(opened, back);
        CHECK(opened.pane == Pane::report);
        CHECK(opened.top == top);
        CHECK_FALSE(opened.quit);
    }
    CHECK(press(press(view, "?"), Key::escape).pane == Pane::report);
    CHECK(press(view, "??").pane == Pane::report);
    const auto both = press(press(view, "e?"), Key::escape);
    CHECK(both.pane == Pane::report);
    CHECK(both.top == top);
    CHECK(press(view, "q").quit);
}

TEST_CASE("a group opens and closes") {
    View view = press(watch::settle({}, extent(), false), "G");
    view = press(view, Key::enter);
    CHECK(view.pane == Pane::report);
    CHECK(view.opened.contains("host"));
    CHECK(press(view, "e").opened.empty());
}

TEST_CASE("while a filter is typed, keys are its text") {
    View view = press(View{}, "/qGj s");
    CHECK(view.typing);
    CHECK(view.filter == "qGj s");
    CHECK_FALSE(view.quit);
    CHECK_FALSE(view.paused);
    view = press(view, Key::backspace);
    CHECK(view.filter == "qGj ");
    view = watch::press(view, {Key::character, "\xc3\xa9"}, extent());
    view = press(view, Key::backspace);
    CHECK(view.filter == "qGj ");
    auto kept = press(view, Key::enter);
    CHECK_FALSE(kept.typing);
    CHECK(kept.filter == "qGj ");
    CHECK(press(kept, Key::escape).filter.empty());
    CHECK(press(view, Key::escape).filter.empty());
    CHECK(press(view, Key::erase_line).filter.empty());
    for (int i = 0; i < 1000; ++i)
        view = press(view, "x");
    CHECK(view.filter.size() <= 128);
}

TEST_CASE("sort, verbose and pause") {
    View view;
    CHECK(press(view, "s").sort == watch::Sort::name);
    CHECK(press(view, "ss").sort == watch::Sort::newest);
    CHECK(press(view, "sss").sort == watch::Sort::gravity);
    CHECK(press(view, "v").verbose);
    CHECK(press(view, " ").paused);
    CHECK_FALSE(press(view, "  ").paused);
}

} // namespace watch_view_test
