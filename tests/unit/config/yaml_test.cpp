// SPDX-License-Identifier: MIT
#include "config/yaml.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace config_yaml_test {

using config::yaml::Kind;
using config::yaml::parse;

namespace {

std::string times(int count, const std::string& text) {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += text;
    return out;
}

} // namespace

TEST_CASE("a YAML tree keeps order, marks and what was quoted") {
    const auto tree = parse("b: 1\na:\n  - x\n  - \"2\"\n");
    REQUIRE(tree);
    const auto& root = **tree;
    REQUIRE(root.kind == Kind::map);
    REQUIRE(root.entries.size() == 2);
    CHECK(root.entries[0].key == "b");
    CHECK(root.entries[1].mark.line == 2);
    const auto* list = root.find("a");
    REQUIRE(list != nullptr);
    REQUIRE(list->items.size() == 2);
    CHECK_FALSE(list->items[0]->quoted);
    CHECK(list->items[1]->quoted);
    CHECK(list->items[1]->mark.line == 4);
    CHECK(list->items[1]->mark.column == 5);
}

TEST_CASE("a block scalar at the end keeps its text") {
    for (const auto& [text, value] :
         std::vector<std::pair<std::string, std::string>>{{"a: |\n  x\n", "x\n"},
                                                          {"a: |\n  x", "x\n"},
                                                          {"a: |-\n  x\n", "x"},
                                                          {"a: |\n  # x\n", "# x\n"},
                                                          {"a: >\n  x\n  y\n", "x y\n"},
                                                          {"a: x", "x"},
                                                          {"a: 'x'", "x"},
                                                          {"a: x\n...\n", "x"}}) {
        INFO(text);
        const auto tree = parse(text);
        REQUIRE(tree);
        CHECK((*tree)->find("a")->text == value);
    }
}

TEST_CASE("an empty YAML text is null") {
    for (const char* text : {"", "\n", "# nothing\n", "---\n", "---\n...\n", "~"}) {
        const auto tree = parse(text);
        REQUIRE(tree);
        CHECK((*tree)->kind == Kind::null);
    }
}

TEST_CASE("merge keys fill in what a map has not itself") {
    const auto tree = parse("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\n"
                            "one: {<<: *x, b: 9}\ntwo: {<<: [*y, *x]}\n");
    REQUIRE(tree);
    const auto* one = (*tree)->find("one");
    REQUIRE(one != nullptr);
    CHECK(one->find("a")->text == "1");
    CHECK(one->find("b")->text == "9");
    CHECK(one->find("<<") == nullptr);
    const auto* two = (*tree)->find("two");
    CHECK(two->find("b")->text == "3");
    CHECK(two->find("a")->text == "1");
    CHECK(two->find("c")->text == "4");
}

TEST_CASE("YAML that hides or hangs is refused with its place") {
    struct Case {
        std::string text{};
        std::string message{};
        int line = 0;
    };

    const std::vector<Case> cases{
        {"a: 1\nb: 2\na: 3\n", "the key 'a' was given before, in line 1", 3},
        {"a: {x: 1, x: 2}\n", "the key 'x' was given before, in line 1", 1},
        {"a: 1\n---\nb: 2\n", "a second document, or text after the end of the first one", 2},
        {"? [a, b]\n: 1\n", "a key must be a word, not a list or a map", 1},
        {"? {a: b}\n: 1\n", "a key must be a word, not a list or a map", 1},
        {"~: 1\n", "an empty key", 1},
        {"a: &a [*a]\n", "an alias inside of what it stands for", 1},
        {"a: 1\n<<: [1]\n", "'<<' merges maps only", 2},
        {std::string{"a: 1\nb: \x01\n"}, "a control character (0x01)", 2},
        {std::string{"a: 1\n\x04secret: 2\n"}, "a control character (0x04)", 2},
        {std::string{"a: 1\nb: 2\0\n", 11}, "a control character (0x00)", 2},
        {"a: 1\nb: \xff\xfe\n", "bytes that are no UTF-8", 2},
        {times(60, "[") + times(60, "]"), "nested more than 40 levels deep", 1},
        {times(50'000, "- "), "nested more than 40 levels deep", 1},
        {"a: " + std::string(1024 * 1024, 'x'), "larger than 1048576 bytes", 1},
    };
    for (const auto& each : cases) {
        INFO(each.text.substr(0, 60));
        const auto tree = parse(each.text);
        REQUIRE_FALSE(tree);
        CHECK(tree.error().message == each.message);
        CHECK(tree.error().mark.line == each.line);
    }
}

TEST_CASE("brackets that are opened without end are refused") {
    for (const auto& open : {times(20'000, "["), times(20'000, "{a: "), times(20'000, "[{a: "),
                             "a: " + times(20'000, "["), "a:\n  - " + times(20'000, "{a: ")})
        CHECK_FALSE(parse(open));
}

TEST_CASE("broken YAML is told with its line, and a tab by its name") {
    for (const char* text :
         {"a: [1, 2\n", "a: 'x\n", "a: 'x\nb: 2\n\n", "a: \"x\nb: 2\n", "a: b: c\n", "a: *nobody\n",
          "%YAML 9.0\n---\na: 1\n", "a: @x\n", "}\n", "a: \"\\q\"\n"}) {
        INFO(text);
        const auto tree = parse(text);
        REQUIRE_FALSE(tree);
        CHECK(tree.error().message.starts_with("not valid YAML: "));
        CHECK(tree.error().mark.line >= 1);
    }
    const auto tabbed = parse("a:\n\tb: 1\n");
    REQUIRE_FALSE(tabbed);
    CHECK(tabbed.error().hint == "line 2 is indented by a tab: use blanks");
}

TEST_CASE("an alias bomb is refused before it costs time or memory") {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 12; ++i) {
        bomb += fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n",
                            i, i - 1);
    }
    const auto tree = parse(bomb);
    REQUIRE_FALSE(tree);
    CHECK(tree.error().message == "more than 100000 values (aliases counted)");

    std::string chain = "a0: &a0 {x: 1}\n";
    for (int i = 1; i < 2000; ++i)
        chain += fmt::format("a{0}: &a{0} {{x: *a{1}}}\n", i, i - 1);
    const auto deep = parse(chain);
    REQUIRE_FALSE(deep);
    CHECK(deep.error().message == "nested more than 40 levels deep");

    std::string merges = "a0: &a0 {x0: 1}\n";
    for (int i = 1; i < 2000; ++i)
        merges += fmt::format("a{0}: &a{0} {{<<: *a{1}, x{0}: 1}}\n", i, i - 1);
    CHECK_FALSE(parse(merges));
}

TEST_CASE("large hostile documents end in time") {
    const std::vector<std::string> texts{
        times(20'000, "a: "),
        times(20'000, "- \n"),
        times(50'000, "&a "),
        times(50'000, "!x "),
        times(50'000, "? "),
        times(37'000, "\n    "),
        times(37'000, "'"),
        times(37'000, "[],"),
        "[" + times(37'000, "a: b,"),
        times(37'000, "# x\n"),
        "a: |\n" + times(22'000, " x\n"),
        times(50'000, "\"\\n"),
        times(20'000, "a:\n"),
        "{" + times(25'000, "\"a\" "),
        times(45'000, "*a "),
    };
    for (const auto& text : texts) {
        INFO(text.substr(0, 20));
        // Time of the processor, not of the clock: other programs may be busy beside this one.
        const auto start = std::clock();
        const auto tree = parse(text);
        CHECK((std::clock() - start) / CLOCKS_PER_SEC < 10);
        if (tree) CHECK((*tree)->weight <= config::yaml::k_most_nodes);
    }
}

TEST_CASE("a scalar that is written reads back as the same text") {
    for (const char* text : {"",
                             "a",
                             "no",
                             "true",
                             "null",
                             "~",
                             "12",
                             "0x12",
                             "1.5",
                             "a b",
                             " a",
                             "a ",
                             "a: b",
                             "a:",
                             "a #b",
                             "#a",
                             "'a'",
                             "\"a\"",
                             "a\\b",
                             "[a]",
                             "{a}",
                             "a, b",
                             "-a",
                             "- a",
                             "*a",
                             "&a",
                             "!a",
                             "%a",
                             "@a",
                             "`a",
                             "|",
                             ">",
                             "host=1 port=2",
                             "http://h:1/x?y=z&a",
                             "unix:///x",
                             "80%",
                             "é東",
                             "line\nbreak",
                             "tab\there",
                             "${A}",
                             "a\x01z",
                             "=",
                             "<<",
                             "y",
                             "?a"}) {
        const std::string document = "k: " + config::yaml::scalar(text) + "\n";
        INFO(document);
        const auto tree = parse(document);
        REQUIRE(tree);
        const auto* node = (*tree)->find("k");
        REQUIRE(node != nullptr);
        CHECK(node->kind == Kind::scalar);
        CHECK(node->text == text);
    }
}

} // namespace config_yaml_test
