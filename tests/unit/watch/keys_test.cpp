// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "watch/keys.hpp"

namespace watch_keys_test {
namespace {

using watch::Key;
using watch::KeyEvent;

std::vector<KeyEvent> read(const std::vector<std::string>& parts) {
    watch::KeyReader reader;
    std::vector<KeyEvent> all;
    for (const auto& part : parts) {
        for (auto& event : reader.take(part))
            all.push_back(std::move(event));
    }
    if (reader.waiting()) {
        for (auto& event : reader.give_up())
            all.push_back(std::move(event));
    }
    return all;
}

KeyEvent letter(const std::string& text) {
    return {Key::character, text};
}

} // namespace

TEST_CASE("bytes of a terminal become keys, however they are cut up") {
    struct Row {
        std::vector<std::string> bytes;
        std::vector<KeyEvent> keys;
    };

    for (const auto& row : std::vector<Row>{
             {{"qj"}, {letter("q"), letter("j")}},
             {{"\x1b[A\x1b[B"}, {{Key::up}, {Key::down}}},
             {{"\x1bOA\x1bOB"}, {{Key::up}, {Key::down}}}, // application cursor keys
             {{"\x1b", "[", "5", "~"}, {{Key::page_up}}},
             {{"\x1b[6~\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~"},
              {{Key::page_down},
               {Key::home},
               {Key::end},
               {Key::home},
               {Key::end},
               {Key::home},
               {Key::end}}},
             {{"\r\n"}, {{Key::enter}, {Key::enter}}},
             {{"\x7f\b\x15\x0c"},
              {{Key::backspace}, {Key::backspace}, {Key::erase_line}, {Key::redraw}}},
             {{"\x1b"}, {{Key::escape}}},
             {{"\x1b\x1b"}, {{Key::escape}, {Key::escape}}},
             {{"\x1b[1;2A", "q"}, {letter("q")}},     // shift and up: not known, not letters
             {{"\x1b[<0;10;5M", "q"}, {letter("q")}}, // a mouse
             {{"\x1b[200~q"}, {letter("q")}},         // a paste begins
             {{"\x1bx", "q"}, {letter("q")}},         // Alt-x
             {{"\xc3", "\xa9"}, {letter("\xc3\xa9")}},
             {{"\xe7\xb5\xb5"}, {letter("\xe7\xb5\xb5")}},
             {{"\xff\xc3q"}, {letter("q")}}, // no UTF-8
             {{"\x01\x07\x1f"}, {}},
             {{"\x1b["}, {{Key::escape}}},
             {{"\xe2\x80\xae"}, {}}, // turns the direction of what follows
             {{"\x1b[" + std::string(100, '1')}, {}}}) {
        INFO(row.bytes[0]);
        CHECK(read(row.bytes) == row.keys);
    }
}

TEST_CASE("a reader never keeps more than one unfinished sequence") {
    watch::KeyReader reader;
    for (int i = 0; i < 1000; ++i)
        static_cast<void>(reader.take("\x1b[1"));
    CHECK(reader.give_up().size() <= 1);
    CHECK_FALSE(reader.waiting());
}

} // namespace watch_keys_test
