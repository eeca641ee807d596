// SPDX-License-Identifier: MIT
#include "cli/commands.hpp"
#include "support/catch.hpp"
#include "support/documents.hpp"
#include "support/golden.hpp"

#include <filesystem>
#include <set>

namespace documents_test {

TEST_CASE("man pages and completions say what the command table says") {
    for (const auto& document : support::documents()) {
        const auto difference = support::compare_checked_in(document.path, document.text);
        INFO(difference);
        CHECK(difference.empty());
    }
}

TEST_CASE("no document of a command that is gone is left") {
    namespace fs = std::filesystem;
    std::set<std::string> known;
    for (const auto& document : support::documents())
        known.insert(document.path);
    const auto root = fs::path{GALLERY_OPS_TEST_DIR}.parent_path();
    for (const char* folder : {"man", "completions"}) {
        for (const auto& entry : fs::directory_iterator(root / folder))
            CHECK(known.contains(std::string{folder} + "/" + entry.path().filename().string()));
    }
}

TEST_CASE("every command says what it is, with two to four examples of itself") {
    for (const auto* command : cli::commands()) {
        INFO(command->name);
        CHECK_FALSE(command->summary.empty());
        CHECK_FALSE(command->summary.ends_with('.'));
        CHECK(command->description.size() > command->summary.size());
        CHECK(command->examples.size() >= 2);
        CHECK(command->examples.size() <= 4);
        for (const auto& example : command->examples) {
            INFO(example.line);
            CHECK(example.line.find("gallery-ops") != std::string_view::npos);
            CHECK(example.line.find(command->name) != std::string_view::npos);
            CHECK_FALSE(example.meaning.empty());
        }
    }
}

TEST_CASE("every option has a help text") {
    const auto program = cli::describe(cli::commands());
    const auto check = [](const std::vector<cli::OptionDoc>& options) {
        for (const auto& option : options) {
            INFO(option.long_name);
            CHECK_FALSE(option.help.empty());
        }
    };
    check(program.options);
    for (const auto& command : program.commands) {
        check(command.options);
        for (const auto& sub : command.subcommands) {
            INFO(command.name << " " << sub.name);
            CHECK_FALSE(sub.summary.empty());
            check(sub.options);
        }
    }
}

} // namespace documents_test
