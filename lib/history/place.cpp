// SPDX-License-Identifier: MIT
#include "history/place.hpp"

#include <cerrno>
#include <ranges>
#include <sys/stat.h>
#include <system_error>
#include <vector>

namespace history {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> absolute_folder(const Environment& env, const std::string& name) {
    const fs::path folder = env(name).value_or("");
    return folder.is_absolute() ? std::optional{folder} : std::nullopt;
}

/// Below a home that exists: .local/state/gallery-ops. Never a home itself.
constexpr std::size_t k_most_made = 3;

core::Error failure(int code, const fs::path& folder) {
    core::Error error{.what = "make the history's folder", .where = folder.string()};
    const bool full = code == ENOSPC || code == EDQUOT;
    error.kind = full ? core::ErrorKind::observer : core::ErrorKind::permission;
    error.reason = std::generic_category().message(code);
    error.hint = "name a file in a folder that exists: --history FILE";
    return error;
}

} // namespace

std::optional<fs::path> default_file(const Environment& env) {
    if (const auto state = absolute_folder(env, "XDG_STATE_HOME"))
        return *state / "gallery-ops/history.db";
    if (const auto home = absolute_folder(env, "HOME"))
        return *home / ".local/state/gallery-ops/history.db";
    return std::nullopt;
}

core::Result<void> make_folder_of(const fs::path& file) {
    std::vector<fs::path> missing;
    std::error_code ignored;
    for (auto folder = file.parent_path();
         !fs::exists(folder, ignored) && folder.has_parent_path() && folder != folder.parent_path();
         folder = folder.parent_path())
        missing.push_back(folder);
    if (missing.size() > k_most_made) return std::unexpected(failure(ENOENT, missing.back()));
    for (const auto& folder : missing | std::views::reverse) {
        if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
            return std::unexpected(failure(errno, folder));
    }
    return {};
}

} // namespace history
