// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "support/catch.hpp"

namespace core_text_test {

TEST_CASE("nothing that steers a terminal gets through") {
    CHECK(core::printable("\x1b[31mred") == "\\x1b[31mred");
    CHECK(core::printable("a\r\nb") == "a\\x0d\\x0ab");
    CHECK(core::printable("a\nb", core::NewLines::keep) == "a\nb");
    CHECK(core::printable("\xE2\x80\xAEgnp.exe") == "\\u{202e}gnp.exe"); // right-to-left override
    CHECK(core::printable("\xC2\x9B"
                          "31m")
          == "\\x9b31m"); // C1 control sequence introducer
    CHECK(core::printable("tab\tbed") == "tab bed");
}

TEST_CASE("invalid UTF-8 becomes the replacement character") {
    for (const char* bad : {"\xff", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"})
        CHECK(core::printable(bad).starts_with("\xEF\xBF\xBD"));
    CHECK(core::printable("Zürich 東京") == "Zürich 東京");
}

TEST_CASE("width counts columns, not bytes") {
    CHECK(core::display_width("abc") == 3);
    CHECK(core::display_width("é") == 1);
    CHECK(core::display_width("e\xCC\x81") == 1);
    CHECK(core::display_width("東京") == 4);
    for (const char* wide : {"✅", "❌", "⚡", "✨", "⏳", "⭐", "❗", "⌚", "☔", "⛔", "➕",
                             "🚀", "🟢", "🪐", "🀄", "ｗ", "ᄀ", "가", "𠀀", "㍿", "〈", "⬛"}) {
        INFO(wide);
        CHECK(core::display_width(wide) == 2);
    }
    for (const char* narrow : {"✓", "→", "…", "─", "●", "☺", "\xF0\x9F\x8C\xA1", "ä", "▁", "⚠"}) {
        INFO(narrow);
        CHECK(core::display_width(narrow) == 1);
    }
}

TEST_CASE("names are cut in the middle and never over the width") {
    CHECK(core::cut_middle("gallery_gan-service_1", 11) == "galle…ice_1");
    CHECK(core::cut_end("no answer in time", 9) == "no answe…");
    for (std::size_t width = 0; width < 12; ++width) {
        CHECK(core::display_width(core::cut_middle("東京東京東京", width)) <= width);
        CHECK(core::display_width(core::cut_end("東京東京東京", width)) <= width);
    }
}

TEST_CASE("the nearest word is near or nothing") {
    const std::vector<std::string> words{"postgres", "prometheus", "redis"};
    CHECK(core::nearest("postgre", words) == "postgres");
    CHECK(core::nearest("Prometeus", words) == "prometheus");
    CHECK_FALSE(core::nearest("kafka", words));
}

} // namespace core_text_test
