// SPDX-License-Identifier: MIT
#include "probe/compose_file.hpp"

#include "config/compose.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "probe/detached.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

namespace probe {
namespace {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path) {
    constexpr std::uintmax_t k_largest = 4U << 20U;
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    std::ifstream file(path, std::ios::binary);
    if (failure || !file)
        return std::unexpected(Error{.kind = ErrorKind::missing,
                                     .where = path.string(),
                                     .reason = failure ? failure.message() : "it can't be opened"});
    if (size > k_largest)
        return std::unexpected(Error{
            .kind = ErrorKind::too_large, .where = path.string(), .reason = "larger than 4 MiB"});
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

/// Returns the value of an .env line without its quotes, or without the comment behind it.
std::string_view dotenv_value(std::string_view text) {
    text = core::trim(text);
    if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
        const auto end = text.find(text.front(), 1);
        if (end != std::string_view::npos) return text.substr(1, end - 1);
    }
    if (text.starts_with('#')) return {};
    return core::trim(text.substr(0, std::min(text.find(" #"), text.find("\t#"))));
}

/// Reads the variables of an .env file: NAME=value lines, of which the last one of a name holds.
/// Variables that `env` has already stay: the process' own ones win.
void read_dotenv(const fs::path& path, Variables& env) {
    const auto text = read_file(path);
    if (!text) return;
    Variables found;
    for (const auto line : core::split(*text, '\n')) {
        auto entry = core::trim(line);
        if (entry.starts_with("export ")) entry = core::trim(entry.substr(7));
        const auto equals = entry.find('=');
        if (entry.empty() || entry.front() == '#' || equals == std::string_view::npos) continue;
        found[std::string{core::trim(entry.substr(0, equals))}] =
            dotenv_value(entry.substr(equals + 1));
    }
    env.merge(found);
}

/// Where a compose project stands.
struct Place {
    std::vector<fs::path> files{};
    std::vector<fs::path> env_files{}; ///< the first one that sets a variable wins
};

std::string project_label(const facts::Container& container, const std::string& name) {
    const auto found = container.labels.find("com.docker.compose.project." + name);
    return found == container.labels.end() ? std::string{} : found->second;
}

std::vector<fs::path> paths_in(const std::string& list, const fs::path& folder) {
    std::vector<fs::path> paths;
    for (const auto name : core::split(list, ','))
        if (!core::trim(name).empty()) paths.push_back(folder / core::trim(name));
    return paths;
}

/// Returns the configured compose file, else what the containers' labels name.
Place find_place(const config::Config& config, const facts::Observations& seen) {
    if (!config.docker.compose_file.empty()) {
        const fs::path file{config.docker.compose_file};
        return {{file}, {file.parent_path() / ".env"}};
    }
    for (const auto& engine : seen.engines) {
        if (!engine.result || !engine.result->local) continue;
        for (const auto& container : engine.result->containers) {
            const fs::path folder{project_label(container, "working_dir")};
            Place place{paths_in(project_label(container, "config_files"), folder),
                        paths_in(project_label(container, "environment_file"), folder)};
            if (place.files.empty() || folder.empty()) continue;
            // Of several env files the last one wins.
            std::ranges::reverse(place.env_files);
            if (place.env_files.empty()) place.env_files.push_back(folder / ".env");
            return place;
        }
    }
    return {};
}

/// Reads the files of a project. Errors: any that keeps one from being read, with its place.
Result<config::ComposeProject> read_project(const Place& place, Variables env) {
    for (const auto& file : place.env_files)
        read_dotenv(file, env);
    config::ComposeProject project;
    for (const auto& file : place.files) {
        TRY_ASSIGN(const auto text, read_file(file));
        auto parsed = config::parse_compose(text, env);
        if (!parsed) {
            auto error = std::move(parsed).error();
            error.where = error.where.empty() ? file.string()
                                              : fmt::format("{}, {}", file.string(), error.where);
            return std::unexpected(std::move(error));
        }
        config::merge(project, *parsed);
    }
    return project;
}

/// Says in which file what is wrong.
std::string problem_of(const Error& error, const Place& place) {
    const auto file = place.files.front().string();
    if (error.where.empty() && error.kind == ErrorKind::timeout)
        return fmt::format("{} could not be read in time: does its file system answer?", file);
    return fmt::format("{}: {}", error.where.empty() ? file : error.where, error.reason);
}

} // namespace

void read_compose(facts::Observations& seen, const config::Config& config, Variables env,
                  core::Deadline deadline, const std::stop_token& stop) {
    const auto place = find_place(config, seen);
    if (place.files.empty()) {
        if (!seen.engines.empty()) seen.compose_problem = "no compose file is known";
        return;
    }
    // A file system that hangs holds up who reads from it, whatever the deadline.
    auto project = run_detached<config::ComposeProject>(
        "compose file " + place.files.front().string(),
        [place, env = std::move(env)]() mutable { return read_project(place, std::move(env)); },
        deadline, stop);
    if (project)
        seen.compose = *std::move(project);
    else
        seen.compose_problem = problem_of(project.error(), place);
}

} // namespace probe
