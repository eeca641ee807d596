// SPDX-License-Identifier: MIT
#include "commands/setup.hpp"

#include "config/load.hpp"
#include "health/narrow.hpp"
#include "probe/local_engine.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace commands {

config::Config load_config(const cli::GlobalOptions& options) {
    const auto env = config::process_environment();
    config::Config config;
    if (const auto file = config::find_file(options.config, env)) config = config::load(*file, env);
    // `docker: {hosts: []}` looks at no Engine.
    const bool none = config.given.docker && config.docker.compose_file.empty();
    if (config.docker.hosts.empty() && !none) {
        config.docker.hosts = probe::local_engines(env);
        const bool named = !env("DOCKER_HOST").value_or("").empty();
        config.origins["docker.hosts"] =
            named ? config::Origin::environment : config::Origin::discovered;
    }
    return config;
}

probe::GatherOptions gather_options(const cli::Context& context, core::Deadline deadline) {
    probe::GatherOptions options;
    options.timeout = context.options().timeout;
    options.deadline = deadline;
    options.stop = context.stop();
    for (const auto& output : context.options().outputs) {
        if (!output.to_stdout()) options.outlets.push_back(output.file);
    }
    const auto& asked = context.options();
    const health::Narrowing narrowing{asked.components, asked.only, asked.skip, {}};
    options.longer_look = health::may_be_asked_for(narrowing, "health.host-cpu")
                          || health::may_be_asked_for(narrowing, "health.container-cpu");
    options.progress = [&context](std::string_view line) { context.progress(line); };
    const auto env = config::process_environment();
    options.surroundings.compose_project_name = env("COMPOSE_PROJECT_NAME").value_or("");
    std::error_code ignored;
    options.surroundings.working_folder = std::filesystem::current_path(ignored).string();
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            options.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return options;
}

report::ExplainFormat explain_format(const cli::GlobalOptions& options) {
    const bool json = std::ranges::any_of(
        options.outputs, [](const auto& output) { return output.format->name == "json"; });
    return json ? report::ExplainFormat::json : report::ExplainFormat::text;
}

} // namespace commands
