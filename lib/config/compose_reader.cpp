// SPDX-License-Identifier: MIT
#include "config/compose.hpp"
#include "config/interpolate.hpp"
#include "config/yaml.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <utility>

namespace config {
namespace {

using core::Result;
using yaml::Kind;
using yaml::Value;

constexpr int k_most_extends = 20;

core::Error problem(yaml::Mark mark, const std::string& message, std::string hint = {}) {
    core::Error error;
    error.kind = core::ErrorKind::protocol;
    error.what = "compose file";
    error.where = mark.line > 0 ? fmt::format("line {}, column {}", mark.line, mark.column) : "";
    error.reason = core::printable(message);
    error.hint = std::move(hint);
    return error;
}

std::unexpected<core::Error> fail(yaml::Mark mark, const std::string& message,
                                  std::string hint = {}) {
    return std::unexpected(problem(mark, message, std::move(hint)));
}

/// Parses a size as docker writes it: b, k, m, g, t, each optionally with "b" or "ib", all powers
/// of 1024. Source: docker/go-units, RAMInBytes.
std::optional<core::Bytes> parse_docker_size(std::string_view text) {
    text = core::trim(text);
    double number = 0;
    const auto [end, failure] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (failure != std::errc{} || number < 0 || !std::isfinite(number)) return std::nullopt;
    std::string unit =
        core::to_lower(core::trim(text.substr(static_cast<std::size_t>(end - text.data()))));
    if (unit.ends_with("ib"))
        unit.resize(unit.size() - 2);
    else if (unit.size() > 1 && unit.ends_with('b'))
        unit.pop_back();
    constexpr std::string_view k_units = "bkmgt";
    const auto power = unit.empty() ? 0 : k_units.find(unit);
    if (unit.size() > 1 || power == std::string_view::npos) return std::nullopt;
    const double bytes = number * std::pow(1024.0, static_cast<double>(power));
    if (bytes > 9e18) return std::nullopt;
    return core::Bytes{static_cast<std::uint64_t>(bytes)};
}

/// Whether an override takes back what the files before it say.
bool is_reset(const Value& node) {
    return node.tag == "!reset";
}

bool starts_anew(const Value& node) {
    return is_reset(node) || node.tag == "!override";
}

/// A line of the environment may be a mistake that holds a secret: "API_TOKEN: s3cret". Some
/// programs have dots and hyphens in the names of their variables.
bool is_variable_name(std::string_view name, std::string_view also) {
    const auto fits = [also](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || c == '_' || also.find(c) != std::string_view::npos;
    };
    return !name.empty() && (name.front() < '0' || name.front() > '9')
           && std::ranges::all_of(name, fits);
}

class ComposeReader {
  public:
    explicit ComposeReader(const std::map<std::string, std::string>& env)
        : m_lookup([&env](const std::string& name) -> std::optional<std::string> {
              const auto found = env.find(name);
              return found == env.end() ? std::nullopt : std::optional{found->second};
          }) {}

    Result<ComposeProject> read(const Value& root) {
        if (root.kind != Kind::map) return fail(root.mark, "not a compose file: no map at the top");
        const Value* services = root.find("services");
        TRY(read_top(root, services));
        if (services == nullptr) return std::move(m_project);
        if (services->kind == Kind::null) return std::move(m_project);
        if (services->kind != Kind::map)
            return fail(services->mark, "'services' must be a map of services");
        m_services = services;
        for (const auto& entry : services->entries)
            m_names.insert(entry.key);
        for (const auto& entry : services->entries) {
            if (is_reset(*entry.value)) {
                m_project.services.emplace(entry.key, named(entry.key)).first->second.given = {"!"};
                continue;
            }
            TRY_ASSIGN(auto service, read_service(entry.key, *entry.value, 0));
            m_project.services.emplace(entry.key, std::move(service));
        }
        return std::move(m_project);
    }

  private:
    Result<void> read_top(const Value& root, const Value* services) {
        if (const Value* name = root.find("name")) {
            TRY_ASSIGN(m_project.name, text(*name, "name"));
        }
        const Value* include = root.find("include");
        if (include != nullptr) note_files(*include);
        if (services != nullptr || include != nullptr) return {};
        // Version 1 had the services themselves at the top.
        for (const auto& entry : root.entries) {
            if (entry.value->find("image") != nullptr || entry.value->find("build") != nullptr)
                return fail(root.mark, "no 'services': version 1 of the format is not supported",
                            "put the services below 'services:'");
        }
        // An override may hold only volumes or networks.
        for (const char* known : {"volumes", "networks", "configs", "secrets", "name", "version"}) {
            if (root.find(known) != nullptr) return {};
        }
        return fail(root.mark, "not a compose file: it has no 'services'");
    }

    /// Notes the files of `include` (texts, lists, maps with path).
    void note_files(const Value& node) {
        if (node.kind == Kind::scalar) m_project.other_files.push_back(node.text);
        for (const auto& item : node.items)
            note_files(*item);
        if (const Value* path = node.find("path")) note_files(*path);
    }

    Result<std::string> text(const Value& node, std::string_view key) {
        if (node.kind == Kind::null) return std::string{};
        if (node.kind != Kind::scalar)
            return fail(node.mark, fmt::format("'{}' must be a text", key));
        auto done = interpolate(node.text, m_lookup, Dialect::compose);
        if (!done) return fail(node.mark, fmt::format("'{}': {}", key, done.error()));
        return std::move(done->text);
    }

    Result<bool> flag(const Value& node, std::string_view key) {
        TRY_ASSIGN(const auto word, text(node, key));
        const std::string lower = core::to_lower(word);
        for (const char* yes : {"true", "yes", "on", "y"}) {
            if (lower == yes) return true;
        }
        for (const char* no : {"false", "no", "off", "n", ""}) {
            if (lower == no) return false;
        }
        return fail(node.mark, fmt::format("'{}' must be true or false", key));
    }

    Result<std::vector<std::string>> texts(const Value& node, std::string_view key) {
        std::vector<std::string> list;
        if (node.kind == Kind::null) return list;
        if (node.kind == Kind::scalar) {
            TRY_ASSIGN(auto one, text(node, key));
            list.push_back(std::move(one));
            return list;
        }
        if (node.kind != Kind::sequence)
            return fail(node.mark, fmt::format("'{}' must be a list", key));
        for (const auto& item : node.items) {
            TRY_ASSIGN(auto one, text(*item, key));
            list.push_back(std::move(one));
        }
        return list;
    }

    Result<ComposeService> read_service(const std::string& name, const Value& node, int depth) {
        if (node.kind == Kind::null) return named(name);
        if (node.kind != Kind::map)
            return fail(node.mark, fmt::format("the service '{}' must be a map", name));
        TRY_ASSIGN(ComposeService service, base_of(name, node, depth));
        TRY(read_simple(node, service));
        TRY(read_healthcheck(node, service));
        TRY(read_dependencies(node, service));
        TRY(read_deploy(node, service));
        TRY(read_environment(node, service));
        return service;
    }

    static ComposeService named(const std::string& name) {
        ComposeService service;
        service.name = name;
        return service;
    }

    /// Returns the service that `extends` names, when it is in this file; else an empty one.
    Result<ComposeService> base_of(const std::string& name, const Value& node, int depth) {
        const Value* extends = node.find("extends");
        if (extends == nullptr) return named(name);
        if (const Value* file = extends->find("file"); file != nullptr) {
            note_files(*file);
            return named(name);
        }
        const Value* target = extends->kind == Kind::map ? extends->find("service") : extends;
        if (target == nullptr || target->kind != Kind::scalar)
            return fail(extends->mark, fmt::format("'{}' extends no named service", name));
        const Value* base = m_services->find(target->text);
        if (base == nullptr)
            return fail(extends->mark,
                        fmt::format("'{}' extends '{}', which does not exist", name, target->text));
        if (depth >= k_most_extends)
            return fail(extends->mark, fmt::format("'{}' extends itself", name));
        TRY_ASSIGN(auto service, read_service(target->text, *base, depth + 1));
        service.name = name;
        return service;
    }

    Result<void> read_simple(const Value& node, ComposeService& service) {
        if (const Value* image = node.find("image")) {
            TRY_ASSIGN(service.image, text(*image, "image"));
            service.given.insert("image");
        }
        if (const Value* restart = node.find("restart")) {
            TRY_ASSIGN(auto policy, text(*restart, "restart"));
            if (policy.empty() || policy == "false") policy = "no";
            service.restart = std::move(policy);
            service.given.insert("restart");
        }
        if (const Value* profiles = node.find("profiles")) {
            if (starts_anew(*profiles)) service.given.insert("!profiles");
            TRY_ASSIGN(service.profiles, texts(*profiles, "profiles"));
            if (is_reset(*profiles)) service.profiles.clear();
        }
        for (const char* key : {"scale", "mem_limit"}) {
            if (const Value* value = node.find(key)) TRY(read_figure(*value, key, service));
        }
        return {};
    }

    Result<void> read_figure(const Value& node, std::string_view key, ComposeService& service) {
        TRY_ASSIGN(const auto word, text(node, key));
        if (word.empty()) return {};
        if (key == "scale" || key == "deploy.replicas") {
            int count = 0;
            const auto [end, failure] =
                std::from_chars(word.data(), word.data() + word.size(), count);
            if (failure != std::errc{} || end != word.data() + word.size() || count < 0)
                return fail(node.mark, fmt::format("'{}' must be a whole number", key));
            service.replicas = count;
            service.given.insert("replicas");
            return {};
        }
        const auto size = parse_docker_size(word);
        if (!size) return fail(node.mark, fmt::format("'{}' must be a size: 512m, 1g", key));
        service.memory_limit = *size;
        service.given.insert("memory_limit");
        return {};
    }

    Result<void> read_healthcheck(const Value& node, ComposeService& service) {
        const Value* check = node.find("healthcheck");
        if (check != nullptr && is_reset(*check)) {
            service.has_healthcheck = false;
            service.given.insert("healthcheck");
            return {};
        }
        if (check == nullptr || check->kind == Kind::null) return {};
        if (check->kind != Kind::map) return fail(check->mark, "'healthcheck' must be a map");
        bool disabled = false;
        if (const Value* disable = check->find("disable")) {
            TRY_ASSIGN(disabled, flag(*disable, "healthcheck.disable"));
        }
        const Value* test = check->find("test");
        if (test == nullptr && !disabled) return {}; // only its times: the image's test stays
        if (test != nullptr && test->kind == Kind::map)
            return fail(test->mark, "'healthcheck.test' must be a text or a list");
        const bool none = test != nullptr
                          && ((test->kind == Kind::scalar && test->text == "NONE")
                              || (!test->items.empty() && test->items.front()->text == "NONE"));
        service.has_healthcheck = !disabled && !none;
        service.given.insert("healthcheck");
        return {};
    }

    Result<void> read_dependencies(const Value& node, ComposeService& service) {
        // Links and a shared network make an order too.
        if (const Value* links = node.find("links")) {
            TRY_ASSIGN(const auto names, texts(*links, "links"));
            for (const auto& link : names)
                service.depends_on.emplace(link.substr(0, link.find(':')), "service_started");
        }
        if (const Value* mode = node.find("network_mode")) {
            TRY_ASSIGN(const auto word, text(*mode, "network_mode"));
            constexpr std::string_view k_service = "service:";
            if (word.starts_with(k_service))
                service.depends_on.emplace(word.substr(k_service.size()), "service_started");
        }
        const Value* needs = node.find("depends_on");
        if (needs == nullptr) return {};
        if (starts_anew(*needs)) {
            service.depends_on.clear();
            service.given.insert("!depends_on");
        }
        if (is_reset(*needs)) return {};
        if (needs->kind != Kind::map) {
            TRY_ASSIGN(const auto names, texts(*needs, "depends_on"));
            for (const auto& name : names)
                service.depends_on.insert_or_assign(name, "service_started");
            return {};
        }
        for (const auto& entry : needs->entries) {
            std::string condition = "service_started";
            if (const Value* given = entry.value->find("condition")) {
                TRY_ASSIGN(condition, text(*given, "depends_on.condition"));
            }
            service.depends_on.insert_or_assign(entry.key, std::move(condition));
        }
        return {};
    }

    Result<void> read_deploy(const Value& node, ComposeService& service) {
        const Value* deploy = node.find("deploy");
        if (deploy == nullptr || deploy->kind == Kind::null) return {};
        if (deploy->kind != Kind::map) return fail(deploy->mark, "'deploy' must be a map");
        if (const Value* replicas = deploy->find("replicas"))
            TRY(read_figure(*replicas, "deploy.replicas", service));
        const Value* limits = deploy->find("resources");
        if (limits != nullptr) limits = limits->find("limits");
        if (limits != nullptr) limits = limits->find("memory");
        if (limits != nullptr) TRY(read_figure(*limits, "deploy.resources.limits.memory", service));
        const Value* policy = deploy->find("restart_policy");
        if (policy != nullptr) policy = policy->find("condition");
        if (policy == nullptr || service.given.contains("restart")) return {};
        TRY_ASSIGN(const auto word, text(*policy, "deploy.restart_policy.condition"));
        service.restart = word == "none" ? "no" : word == "on-failure" ? "on-failure" : "always";
        service.given.insert("restart");
        return {};
    }

    Result<void> read_environment(const Value& node, ComposeService& service) {
        const Value* environment = node.find("environment");
        if (environment != nullptr && starts_anew(*environment)) {
            service.environment_hosts.clear();
            service.given.insert("!environment");
        }
        if (environment == nullptr || environment->kind == Kind::null || is_reset(*environment))
            return {};
        if (environment->kind == Kind::map) {
            for (const auto& entry : environment->entries) {
                if (entry.value->kind == Kind::null) {
                    keep_variable(service, entry.key, m_lookup(entry.key).value_or(""));
                    continue;
                }
                TRY_ASSIGN(const auto value, text(*entry.value, "environment." + entry.key));
                keep_variable(service, entry.key, value);
            }
            return {};
        }
        TRY_ASSIGN(const auto lines, texts(*environment, "environment"));
        for (const auto& line : lines) {
            const auto equals = line.find('=');
            const std::string name = line.substr(0, equals);
            if (equals == std::string::npos && !is_variable_name(name, "")) continue;
            keep_variable(service, name,
                          equals == std::string::npos ? m_lookup(name).value_or("")
                                                      : line.substr(equals + 1));
        }
        return {};
    }

    void keep_variable(ComposeService& service, const std::string& name, const std::string& value) {
        if (!is_variable_name(name, ".-")) return;
        service.given.insert("environment." + name);
        std::set<std::string> others = m_names;
        others.erase(service.name);
        service.environment_hosts.erase(name);
        const std::string host = host_in_variable(name, value, others);
        if (!host.empty()) service.environment_hosts.emplace(name, host);
    }

    Lookup m_lookup;
    const Value* m_services = nullptr;
    std::set<std::string> m_names{};
    ComposeProject m_project{};
};

} // namespace

Result<ComposeProject> parse_compose(std::string_view text,
                                     const std::map<std::string, std::string>& env) {
    const auto tree = yaml::parse(text);
    if (!tree)
        return std::unexpected(problem(tree.error().mark, tree.error().message, tree.error().hint));
    return ComposeReader(env).read(**tree);
}

} // namespace config
