// SPDX-License-Identifier: MIT
#include "support/documents.hpp"

#include "cli/commands.hpp"
#include "core/text.hpp"
#include "report/schema.hpp"
#include "support/faults.hpp"

namespace support {

std::vector<Document> documents() {
    const auto program = cli::describe(cli::commands());
    auto all = man_pages(program, GALLERY_OPS_VERSION);
    all.push_back({"completions/gallery-ops.bash", bash_completion(program)});
    all.push_back({"completions/_gallery-ops", zsh_completion(program)});
    all.push_back({"completions/gallery-ops.fish", fish_completion(program)});
    all.push_back({"docs/faults.md", faults::document()});
    return all;
}

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

std::string choice_words(const cli::OptionDoc& option) {
    return core::join(option.choices, " ");
}

ValueKind kind_of_value(const cli::OptionDoc& option) {
    if (!option.choices.empty()) return ValueKind::words;
    const std::string& value = option.positional ? option.long_name + option.value : option.value;
    if (value.empty()) return ValueKind::none;
    if (value.find("FILE") != std::string::npos) return ValueKind::file;
    if (value.find("DIR") != std::string::npos) return ValueKind::folder;
    return ValueKind::other;
}

} // namespace support
