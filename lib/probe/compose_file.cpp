// SPDX-License-Identifier: MIT
#include "probe/compose_file.hpp"

#include "config/compose.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

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

Result<std::string> read_file(const std::filesystem::path& path) {
    constexpr std::uintmax_t k_largest = 4U << 20U;
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
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

/// Reads the variables of an .env file: NAME=value lines, quotes taken off.
void read_dotenv(const std::filesystem::path& path, std::map<std::string, std::string>& env) {
    const auto text = read_file(path);
    if (!text) return;
    for (const auto line : core::split(*text, '\n')) {
        const auto entry = core::trim(line);
        const auto equals = entry.find('=');
        if (entry.empty() || entry.front() == '#' || equals == std::string_view::npos) continue;
        auto value = core::trim(entry.substr(equals + 1));
        if (value.size() >= 2 && value.front() == value.back()
            && (value.front() == '"' || value.front() == '\''))
            value = value.substr(1, value.size() - 2);
        env.emplace(core::trim(entry.substr(0, equals)), value); // the process' own variables win
    }
}

/// Returns the compose files: the configured one, else those that the containers' labels name.
std::vector<std::filesystem::path> compose_files(const config::Config& config,
                                                 const facts::Observations& seen) {
    if (!config.docker.compose_file.empty()) return {config.docker.compose_file};
    std::vector<std::filesystem::path> files;
    for (const auto& engine : seen.engines) {
        if (!engine.result || !engine.result->local) continue;
        for (const auto& container : engine.result->containers) {
            const auto names = container.labels.find("com.docker.compose.project.config_files");
            const auto folder = container.labels.find("com.docker.compose.project.working_dir");
            if (names == container.labels.end() || folder == container.labels.end()) continue;
            for (const auto name : core::split(names->second, ','))
                files.push_back(std::filesystem::path{folder->second} / core::trim(name));
            return files;
        }
    }
    return files;
}

} // namespace

void read_compose(facts::Observations& seen, const config::Config& config,
                  std::map<std::string, std::string> env) {
    const auto files = compose_files(config, seen);
    if (files.empty()) {
        if (!seen.engines.empty()) seen.compose_problem = "no compose file is known";
        return;
    }
    read_dotenv(files.front().parent_path() / ".env", env);
    config::ComposeProject project;
    for (const auto& file : files) {
        const auto text = read_file(file);
        if (!text) {
            seen.compose_problem = fmt::format("{}: {}", file.string(), text.error().reason);
            return;
        }
        const auto parsed = config::parse_compose(*text, env);
        if (!parsed) {
            seen.compose_problem = fmt::format("{}: {}", file.string(), parsed.error().reason);
            return;
        }
        config::merge(project, *parsed);
    }
    seen.compose = std::move(project);
}

} // namespace probe
