// SPDX-License-Identifier: MIT
#include "report/explain.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace report {
namespace {

using Checks = std::span<const core::CheckSpec* const>;
using Field = std::pair<const char*, std::string_view>;

std::array<Field, 8> fields_of(const core::CheckSpec& spec) {
    return {{{"what", spec.what},
             {"why", spec.why},
             {"threshold", spec.threshold},
             {"change it", spec.setting},
             {"next step", spec.remediation},
             {"unreachable", core::name(spec.when_unreachable)},
             {"playbook", spec.section},
             {"reference", spec.reference}}};
}

/// Breaks `text` into lines of at most `width` columns, all but the first indented by `indent`.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string out;
    std::size_t column = 0;
    for (const auto word : core::split(text, ' ')) {
        const auto length = core::display_width(word);
        if (column > 0 && column + 1 + length > width) {
            out += "\n" + std::string(indent, ' ');
            column = 0;
        } else if (column > 0) {
            out += ' ';
            ++column;
        }
        out += word;
        column += length;
    }
    return out;
}

std::string as_text(const core::CheckSpec& spec) {
    constexpr std::size_t k_label = 14;
    constexpr std::size_t k_width = 64;
    std::string out = fmt::format("{}  {}\n\n", spec.id, spec.title);
    for (const auto& [label, words] : fields_of(spec)) {
        if (!words.empty())
            out += fmt::format("  {:<12}{}\n", label, wrapped(words, k_label, k_width));
    }
    return out;
}

nlohmann::ordered_json as_json(const core::CheckSpec& spec) {
    nlohmann::ordered_json made{{"id", spec.id}, {"title", spec.title}, {"group", spec.group}};
    for (const auto& [label, words] : fields_of(spec)) {
        std::string key{label};
        std::ranges::replace(key, ' ', '_');
        made[key] = words;
    }
    return made;
}

std::string list(Checks checks, ExplainFormat format) {
    if (format == ExplainFormat::json) {
        auto all = nlohmann::ordered_json::array();
        for (const auto* spec : checks)
            all.push_back(as_json(*spec));
        return all.dump(2) + "\n";
    }
    std::string out;
    for (const auto* spec : checks)
        out += fmt::format("{:<30} {}\n", spec->id, spec->title);
    return out;
}

/// The check with the longest id that `id` is or begins with.
const core::CheckSpec* find(std::string_view id, Checks checks) {
    const core::CheckSpec* found = nullptr;
    for (const auto* spec : checks) {
        const std::string_view own = spec->id;
        const bool fits =
            id == own || (id.starts_with(own) && id.substr(own.size()).starts_with('.'));
        if (fits && (found == nullptr || own.size() > std::string_view{found->id}.size()))
            found = spec;
    }
    return found;
}

} // namespace

std::string explain(std::string_view id, std::string_view command, Checks checks,
                    ExplainFormat format) {
    if (id == "all") return list(checks, format);
    const auto* spec = find(id, checks);
    if (spec == nullptr) spec = find(fmt::format("{}.{}", command, id), checks);
    if (spec == nullptr) {
        std::vector<std::string> known;
        for (const auto* entry : checks)
            known.emplace_back(entry->id);
        auto near = core::nearest(id, known);
        if (!near) near = core::nearest(fmt::format("{}.{}", command, id), known);
        throw core::UsageError(fmt::format("no check '{}'{}", id,
                                           near ? fmt::format("; did you mean '{}'?", *near)
                                                : std::string{"; --explain all lists them"}));
    }
    return format == ExplainFormat::json ? as_json(*spec).dump(2) + "\n" : as_text(*spec);
}

} // namespace report
