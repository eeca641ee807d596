// SPDX-License-Identifier: MIT
#include "probe/log_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <glob.h>
#include <unistd.h>

namespace probe {
namespace {

bool are_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// A file's name without what rotation adds, and its age: the larger, the older.
struct Rotated {
    std::string base{};
    std::int64_t age = 0;
};

/// "access.log", ".1", ".2.gz": logrotate's numbers; "-20050614", "-2005061403": its dates.
Rotated take_apart(const std::filesystem::path& path) {
    std::string name = path.string();
    for (const std::string_view packed : {".gz", ".zst"})
        if (name.ends_with(packed)) name.resize(name.size() - packed.size());
    const auto mark = name.find_last_of(".-");
    if (mark == std::string::npos || mark == 0) return {name, 0};
    const auto last = std::string_view{name}.substr(mark + 1);
    if (!are_digits(last) || last.size() > 14) return {name, 0};
    std::int64_t number = 0;
    std::from_chars(last.data(), last.data() + last.size(), number);
    const bool date = last.size() >= 8;
    if (!date && name[mark] != '.') return {name, 0};
    // Dates grow with time, logrotate's numbers with age; a log that is still written is newest.
    return {name.substr(0, mark), date ? 100'000'000'000'000 - number : number};
}

core::Result<std::vector<std::string>> expand(const std::string& argument) {
    // A name that exists is no pattern, whatever signs it holds.
    if (argument == "-" || argument.find_first_of("*?[") == std::string::npos
        || ::access(argument.c_str(), F_OK) == 0)
        return std::vector{argument};
    glob_t found{};
    // No other thread runs yet that could change the environment.
    const int code =
        ::glob(argument.c_str(), GLOB_MARK, nullptr, &found); // NOLINT(concurrency-mt-unsafe)
    std::vector<std::string> paths;
    if (code == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    std::erase_if(paths, [](const std::string& path) { return path.ends_with('/'); });
    if (paths.empty()) {
        core::Error error;
        error.kind = core::ErrorKind::missing;
        error.what = "read the log";
        error.where = argument;
        error.reason = "no file fits this pattern";
        error.hint = "check the path";
        return std::unexpected(error);
    }
    return paths;
}

} // namespace

core::Result<std::vector<LogSet>> find_logs(const std::vector<std::string>& arguments) {
    std::vector<LogSet> sets;
    for (const auto& argument : arguments) {
        TRY_ASSIGN(const auto paths, expand(argument));
        for (const std::filesystem::path path : paths) {
            const auto base = take_apart(path).base;
            auto set = std::ranges::find(sets, base, &LogSet::name);
            if (set == sets.end()) set = sets.insert(sets.end(), LogSet{base, {}});
            if (std::ranges::find(set->files, path) == set->files.end()) set->files.push_back(path);
        }
    }
    for (auto& set : sets)
        std::ranges::stable_sort(set.files, std::ranges::greater{},
                                 [](const auto& path) { return take_apart(path).age; });
    return sets;
}

} // namespace probe
