// SPDX-License-Identifier: MIT
#include "config/show.hpp"

#include "config/emitter.hpp"
#include "config/types.hpp"
#include "config/walk.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace config {
namespace {

std::string origin_text(const Config& config, const std::string& path) {
    auto origin = config.origins.find(path);
    // The Engines that were found as a whole are noted by their list.
    if (origin == config.origins.end() && path.ends_with(".url"))
        origin = config.origins.find(path.substr(0, path.find('[')));
    if (origin == config.origins.end()) return "built in";
    const auto source = config.sources.find(path);
    if (source != config.sources.end()) return core::printable(source->second);
    switch (origin->second) {
    case Origin::built_in:
        return "built in";
    case Origin::discovered:
        return "discovered";
    case Origin::environment:
        return "environment";
    case Origin::file:
        return "file";
    }
    return "built in";
}

std::string as_variable(std::string_view text) {
    std::string name;
    for (const char c : core::to_lower(text)) {
        const bool letter = c >= 'a' && c <= 'z';
        const bool digit = c >= '0' && c <= '9';
        if (letter)
            name += static_cast<char>(c - 'a' + 'A');
        else
            name += digit ? c : '_';
    }
    if (name.empty() || (name.front() >= '0' && name.front() <= '9')) name.insert(0, "_");
    return name;
}

/// Gives every secret a variable of its own: DB_PASSWORD for the password of the item "db".
class VariableNames {
  public:
    std::string name(const std::string& path, const std::string& owner) {
        const auto key = path.substr(path.find_last_of('.') + 1);
        std::string name = as_variable(owner + "_" + key);
        if (m_used.contains(name))
            name = as_variable(fmt::format("{}_{}", path.substr(0, path.find('[')), name));
        for (int i = 2; m_used.contains(name); ++i)
            name = fmt::format("{}_{}", as_variable(owner + "_" + key), i);
        m_used.insert(name);
        return name;
    }

    [[nodiscard]] const std::set<std::string>& used() const { return m_used; }

  private:
    std::set<std::string> m_used{};
};

/// The limits with their defaults, as comments to be taken up.
std::string commented_thresholds() {
    Config defaults;
    std::string out =
        "\n# The limits of the daily check; take out '# ' to change one.\n# thresholds:\n";
    walk(fields_of(defaults), "", [&](const std::string& path, const Field& field) {
        if (!path.starts_with("thresholds.")) return;
        const std::string line = fmt::format("#   {}: {}", field.key, format(field));
        out += fmt::format("{:<36} # {}\n", line, field.doc);
    });
    return out;
}

std::string header(const std::set<std::string>& variables) {
    std::string out =
        "# Configuration of gallery-ops; 'gallery-ops config schema' describes every key.\n";
    if (variables.empty()) return out;
    out += "# Secrets are not written here. Set these variables, or write file:/path instead:\n";
    for (const auto& name : variables)
        out += "#   " + name + "\n";
    return out;
}

/// Returns the origins of what is worth writing. The Engine that $DOCKER_HOST names is: the file is
/// to work from cron too, where the variable is not set.
std::map<std::string, Origin> origins_to_write(const Config& config) {
    auto origins = config.origins;
    const auto hosts = origins.find("docker.hosts");
    if (hosts == origins.end() || hosts->second != Origin::environment) return origins;
    for (std::size_t i = 0; i < config.docker.hosts.size(); ++i) {
        for (const char* key : {"url", "ca_file", "cert_file", "key_file"})
            origins.emplace(fmt::format("docker.hosts[{}].{}", i, key), Origin::environment);
    }
    return origins;
}

} // namespace

std::string show(const Config& config) {
    Config copy = config;
    EmitStyle style;
    style.wanted = [](const std::string&, const Field& field) { return is_set(field); };
    style.secret = [](const std::string&, const std::string&) {
        return fmt::format("\"{}\"", core::k_masked);
    };
    style.comment = [&](const std::string& path) { return origin_text(config, path); };
    style.heading = [](const Field&) { return std::string{}; };
    const std::string file =
        config.file.empty() ? "no configuration file" : core::printable(config.file);
    return "# " + file + "\n" + Emitter(std::move(style)).run(fields_of(copy));
}

std::string write_initial(const Config& config) {
    Config copy = config;
    const auto origins = origins_to_write(config);
    VariableNames names;
    EmitStyle style;
    style.wanted = [&](const std::string& path, const Field& field) {
        return is_set(field) && (path == "project" || origins.contains(path));
    };
    style.secret = [&](const std::string& path, const std::string& owner) {
        return fmt::format("\"${{{}}}\"", names.name(path, owner));
    };
    style.comment = [](const std::string&) { return std::string{}; };
    style.heading = [](const Field& field) { return std::string{field.doc}; };
    const std::string body = Emitter(std::move(style)).run(fields_of(copy));
    return header(names.used()) + body + commented_thresholds();
}

std::string reference() {
    std::map<std::string, std::string> sections;
    std::vector<std::string> order;
    walk_known([&](const std::string& path, const Field& field) {
        const auto dot = path.find_last_of('.');
        const std::string section = dot == std::string::npos ? "" : path.substr(0, dot);
        if (!sections.contains(section)) order.push_back(section);
        const std::string value = format(field);
        sections[section] +=
            fmt::format("| `{}` | {}{} | {} | {} |\n", field.key, info(field.type).noun,
                        field.need == Need::required ? ", required" : "",
                        value.empty() ? std::string{} : fmt::format("`{}`", value), field.doc);
    });
    std::string out;
    for (const auto& section : order) {
        out += section.empty() ? "### Top level\n\n" : fmt::format("### `{}`\n\n", section);
        out += "| key | value | default | meaning |\n| --- | --- | --- | --- |\n";
        out += sections[section] + "\n";
    }
    return out;
}

} // namespace config
