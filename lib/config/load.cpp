// SPDX-License-Identifier: MIT
#include "config/load.hpp"

#include "config/reader.hpp"
#include "config/secrets.hpp"
#include "config/yaml.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <tuple>
#include <utility>

namespace config {
namespace {

namespace fs = std::filesystem;

/// Whether something stands at `path`; one that may not be looked at counts, so that reading it
/// says why instead of falling back to another file.
bool is_there(const fs::path& path) {
    std::error_code code;
    const auto status = fs::status(path, code);
    return status.type() != fs::file_type::not_found;
}

fs::path named_file(const fs::path& path, std::string_view by) {
    if (!is_there(path))
        throw core::ConfigError(
            fmt::format("{}: no such file ({})", core::printable(path.string()), by));
    return path;
}

std::optional<std::string> not_empty(std::optional<std::string> value) {
    if (value && value->empty()) value.reset();
    return value;
}

/// Folder of the user's configuration. The XDG specification says to ignore a relative one.
std::optional<fs::path> user_folder(const Environment& env) {
    if (const auto set = not_empty(env("XDG_CONFIG_HOME")); set && fs::path{*set}.is_absolute())
        return fs::path{*set};
    if (const auto home = not_empty(env("HOME"))) return fs::path{*home} / ".config";
    return std::nullopt;
}

void sort_by_place(std::vector<Problem>& problems) {
    std::ranges::stable_sort(problems, {}, [](const Problem& problem) {
        return std::tuple{problem.line, problem.column};
    });
}

} // namespace

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        // Nothing in this program changes its environment.
        const char* value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe)
        return value == nullptr ? std::nullopt : std::optional<std::string>{value};
    };
}

std::optional<fs::path> find_file(const std::optional<fs::path>& explicit_file,
                                  const Environment& env) {
    if (explicit_file) return named_file(*explicit_file, "named by --config");
    if (const auto named = not_empty(env("GALLERY_OPS_CONFIG")))
        return named_file(*named, "named by $GALLERY_OPS_CONFIG");
    std::vector<fs::path> places{"gallery-ops.yaml"};
    if (const auto folder = user_folder(env)) places.push_back(*folder / "gallery-ops/config.yaml");
    places.emplace_back("/etc/gallery-ops/config.yaml");
    const auto found = std::ranges::find_if(places, is_there);
    if (found == places.end()) return std::nullopt;
    return *found;
}

Loaded parse(std::string_view text, const fs::path& file, const Environment& env) {
    Loaded out;
    out.config.file = file.string();
    const auto tree = yaml::parse(text);
    if (!tree) {
        const auto& [mark, message, hint] = tree.error();
        out.errors.push_back({mark.line, mark.column, {}, message, hint});
        return out;
    }
    Reader reader(out, file, env);
    reader.read(**tree);
    complete(out.config, reader);
    sort_by_place(out.errors);
    sort_by_place(out.literal_secrets);
    return out;
}

Loaded read(const fs::path& file, const Environment& env) {
    const auto found = read_text(file, yaml::k_most_bytes);
    if (!found)
        throw core::ConfigError(
            fmt::format("{}: {}", core::printable(file.string()), found.error()));
    Loaded out = parse(found->text, file, env);
    if (!found->others_can_read) return out;
    for (auto problem : out.literal_secrets) {
        problem.hint = "chmod 600 " + shell_word(file.string());
        out.errors.push_back(std::move(problem));
    }
    sort_by_place(out.errors);
    return out;
}

Config load(const fs::path& file, const Environment& env) {
    Loaded loaded = read(file, env);
    if (loaded.errors.empty()) return std::move(loaded.config);
    std::vector<std::string> lines;
    for (const auto& problem : loaded.errors)
        lines.push_back(describe(problem, file.string()));
    throw core::ConfigError(core::join(lines, "\n"));
}

std::string describe(const Problem& problem, const std::string& file) {
    std::string line = core::printable(file);
    if (problem.line > 0) line += fmt::format(":{}:{}", problem.line, problem.column);
    line += ": " + problem.message;
    if (!problem.hint.empty()) line += "; " + problem.hint;
    return line;
}

} // namespace config
