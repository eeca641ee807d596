// SPDX-License-Identifier: MIT
#include "probe/docker_inspect.hpp"

#include "core/text.hpp"
#include "probe/docker_json.hpp"
#include "probe/proc_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace probe {
namespace {

using nlohmann::json;

int bounded_int(std::int64_t number) {
    constexpr std::int64_t k_least = std::numeric_limits<int>::min();
    constexpr std::int64_t k_most = std::numeric_limits<int>::max();
    return static_cast<int>(std::clamp(number, k_least, k_most));
}

std::vector<std::string> texts(const json& list) {
    std::vector<std::string> all;
    if (!list.is_array()) return all;
    for (const auto& entry : list)
        if (entry.is_string()) all.push_back(entry.get<std::string>());
    return all;
}

std::map<std::string, std::string> text_map(const json& object) {
    std::map<std::string, std::string> all;
    if (!object.is_object()) return all;
    for (const auto& [key, value] : object.items())
        if (value.is_string()) all[key] = value.get<std::string>();
    return all;
}

facts::ContainerState state_of(std::string_view word) {
    using enum facts::ContainerState;
    if (word == "created" || word == "configured" || word == "initialized") return created;
    if (word == "running") return running;
    if (word == "paused") return paused;
    if (word == "restarting") return restarting;
    if (word == "removing") return removing;
    if (word == "exited" || word == "stopped") return exited; // podman says "stopped" for a while
    if (word == "dead") return dead;
    return unknown;
}

std::string label(const facts::Container& container, const std::string& key) {
    const auto found = container.labels.find(key);
    return found == container.labels.end() ? std::string{} : found->second;
}

/// A stack is a swarm's project: its service "gallery_api" is the project's "api".
void read_stack_labels(facts::Container& container) {
    container.project = label(container, "com.docker.stack.namespace");
    const auto service = label(container, "com.docker.swarm.service.name");
    const auto prefix = container.project + "_";
    const bool prefixed = !container.project.empty() && service.starts_with(prefix);
    if (!service.empty()) container.service = prefixed ? service.substr(prefix.size()) : service;
}

/// Compose's labels, the same in its versions 1 and 2.
void read_labels(const json& labels, facts::Container& container) {
    container.labels = text_map(labels);
    container.project = label(container, "com.docker.compose.project");
    container.service = label(container, "com.docker.compose.service");
    if (container.project.empty()) read_stack_labels(container);
    if (container.service.empty()) container.service = container.name;
    container.one_off = core::to_lower(label(container, "com.docker.compose.oneoff")) == "true";
}

std::string plain_name(std::string name) {
    if (name.starts_with('/')) name.erase(0, 1);
    return name;
}

void read_state(const json& state, facts::Container& container) {
    container.state = state_of(json_text(state, {"Status"}));
    container.oom_killed = json_flag(state, {"OOMKilled"});
    container.exit_code = bounded_int(json_number(state, {"ExitCode"}));
    container.error = json_text(state, {"Error"});
    container.started_at = json_time(state, {"StartedAt"});
    container.finished_at = json_time(state, {"FinishedAt"});
    container.pid = json_number(state, {"Pid"});
}

void read_health(const json& state, facts::Container& container) {
    // Podman's name of the same; without a check both write an empty one, or "none".
    const json& docker = json_at(state, {"Health"});
    const json& health = docker.is_object() ? docker : json_at(state, {"Healthcheck"});
    container.health = json_text(health, {"Status"});
    if (container.health == "none") container.health.clear();
    container.failing_streak = bounded_int(json_number(health, {"FailingStreak"}));
    const json& log = json_at(health, {"Log"});
    if (!log.is_array()) return;
    constexpr std::size_t k_most_output = 4096;
    for (const auto& entry : log) {
        facts::HealthRun run;
        run.ended = json_time(entry, {"End"}).value_or(core::Time{});
        run.exit_code = bounded_int(json_number(entry, {"ExitCode"}));
        run.output = json_text(entry, {"Output"}).substr(0, k_most_output);
        container.health_log.push_back(std::move(run));
    }
}

/// Reads "5432/tcp"; nothing when it is no port.
std::optional<facts::Port> port_of(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto number = parse_count(text.substr(0, slash));
    if (!number || *number == 0 || *number > 65535) return std::nullopt;
    facts::Port port;
    port.container = static_cast<std::uint16_t>(*number);
    if (slash != std::string_view::npos) port.protocol = text.substr(slash + 1);
    return port;
}

/// Adds the ports of a map "5432/tcp" → null or a list of {HostIp, HostPort}.
void read_port_map(const json& ports, std::vector<facts::Port>& all) {
    if (!ports.is_object()) return;
    for (const auto& [key, bindings] : ports.items()) {
        const auto port = port_of(key);
        if (!port) continue;
        const bool known = std::ranges::any_of(all, [&](const facts::Port& other) {
            return other.container == port->container && other.protocol == port->protocol;
        });
        const bool bound = bindings.is_array() && !bindings.empty();
        if (!bound && !known) all.push_back(*port);
        if (!bound) continue;
        for (const auto& binding : bindings) {
            auto published = *port;
            published.host_ip = json_text(binding, {"HostIp"});
            const auto host = parse_count(json_text(binding, {"HostPort"}));
            if (host && *host <= 65535) published.host = static_cast<std::uint16_t>(*host);
            all.push_back(std::move(published));
        }
    }
}

void add_once(std::vector<std::string>& names, std::string name) {
    if (!name.empty() && std::ranges::find(names, name) == names.end())
        names.push_back(std::move(name));
}

void read_networks(const json& inspect, facts::Container& container) {
    read_port_map(json_at(inspect, {"NetworkSettings", "Ports"}), container.ports);
    read_port_map(json_at(inspect, {"Config", "ExposedPorts"}), container.ports);
    const json& networks = json_at(inspect, {"NetworkSettings", "Networks"});
    if (!networks.is_object()) return;
    for (const auto& [name, network] : networks.items()) {
        auto address = json_text(network, {"IPAddress"});
        if (address.empty()) address = json_text(network, {"GlobalIPv6Address"});
        // A stopped container keeps its networks, without addresses.
        if (!address.empty()) container.addresses[name] = std::move(address);
        for (auto& alias : texts(json_at(network, {"Aliases"})))
            add_once(container.aliases, std::move(alias));
        for (auto& alias : texts(json_at(network, {"DNSNames"})))
            add_once(container.aliases, std::move(alias));
    }
}

void read_mounts(const json& mounts, facts::Container& container) {
    if (!mounts.is_array()) return;
    for (const auto& entry : mounts) {
        facts::Mount mount;
        mount.type = json_text(entry, {"Type"});
        mount.name = json_text(entry, {"Name"});
        mount.source = json_text(entry, {"Source"});
        mount.destination = json_text(entry, {"Destination"});
        const json& writable = json_at(entry, {"RW"});
        mount.writable = !writable.is_boolean() || writable.get<bool>();
        container.mounts.push_back(std::move(mount));
    }
}

void read_environment(const json& list, facts::Container& container) {
    for (const auto& entry : texts(list)) {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos || equals == 0) continue;
        container.environment[entry.substr(0, equals)] = core::Secret{entry.substr(equals + 1)};
    }
}

void read_limits(const json& host, facts::Container& container) {
    container.memory_limit = {json_count(host, {"Memory"})};
    const auto nano = static_cast<double>(json_count(host, {"NanoCpus"}));
    const auto quota = static_cast<double>(json_count(host, {"CpuQuota"}));
    const auto period = static_cast<double>(json_count(host, {"CpuPeriod"}));
    constexpr double k_default_period = 100'000; // µs, the kernel's own
    container.cpu_limit_cores =
        nano > 0 ? nano / 1e9 : quota / (period > 0 ? period : k_default_period);
}

/// Compares two API versions ("1.24"): negative, zero or positive; nothing when one is none.
std::optional<std::int64_t> minor_of(std::string_view version) {
    if (!version.starts_with("1.")) return std::nullopt;
    const auto minor = parse_count(version.substr(2));
    if (!minor || *minor > 10'000) return std::nullopt;
    return static_cast<std::int64_t>(*minor);
}

/// Returns an image reference in the short form with its tag: "nginx" and
/// "docker.io/library/nginx:latest" are both "nginx:latest".
std::string plain_reference(std::string reference) {
    for (const std::string_view prefix : {"docker.io/library/", "docker.io/", "localhost/"}) {
        if (!reference.starts_with(prefix)) continue;
        reference.erase(0, prefix.size());
        break;
    }
    const std::size_t slash = reference.rfind('/');
    const std::size_t colon = reference.rfind(':');
    const bool tagged = colon != std::string::npos && (slash == std::string::npos || colon > slash);
    return tagged ? reference : reference + ":latest";
}

bool is_image_id(std::string_view reference) {
    constexpr std::string_view k_algorithm = "sha256:";
    if (reference.starts_with(k_algorithm)) reference.remove_prefix(k_algorithm.size());
    constexpr std::size_t k_short_id = 12;
    return reference.size() >= k_short_id && std::ranges::all_of(reference, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

} // namespace

std::optional<EngineVersion> parse_engine_version(std::string_view body) {
    const json answer = json_of(body);
    EngineVersion version;
    version.engine = json_text(answer, {"Version"});
    version.api = json_text(answer, {"ApiVersion"});
    version.least = json_text(answer, {"MinAPIVersion"});
    if (version.api.empty()) return std::nullopt;
    const json& components = json_at(answer, {"Components"});
    if (components.is_array()) {
        for (const auto& component : components)
            if (json_text(component, {"Name"}).starts_with("Podman")) version.podman = true;
    }
    return version;
}

std::optional<EngineVersion> version_in_headers(const std::map<std::string, std::string>& headers) {
    const auto api = headers.find("api-version");
    const auto server = headers.find("server"); // "Docker/20.10.24 (linux)", "Libpod/4.3.1 (linux)"
    if (api == headers.end() || server == headers.end()) return std::nullopt;
    const std::string_view words = server->second;
    EngineVersion version;
    version.podman = words.starts_with("Libpod/");
    if (!version.podman && !words.starts_with("Docker/")) return std::nullopt;
    const auto slash = words.find('/') + 1;
    version.engine = words.substr(slash, words.find(' ') - slash);
    version.api = api->second;
    return version;
}

std::optional<std::string> negotiate_api(const EngineVersion& version) {
    constexpr std::int64_t k_least = 24;
    constexpr std::int64_t k_newest = 51;
    const auto newest = minor_of(version.api);
    if (!newest || *newest < k_least) return std::nullopt;
    // A server that has dropped the newest one that we know is still asked, in its oldest one.
    const auto least = minor_of(version.least).value_or(0);
    return "1." + std::to_string(std::min(*newest, std::max(k_newest, least)));
}

std::optional<std::vector<facts::Container>> parse_container_list(std::string_view body) {
    const json answer = json_of(body);
    if (!answer.is_array()) return std::nullopt;
    std::vector<facts::Container> all;
    for (const auto& entry : answer) {
        facts::Container container;
        container.id = json_text(entry, {"Id"});
        if (container.id.empty()) continue;
        const auto names = texts(json_at(entry, {"Names"}));
        // Links of other containers are names too: "/web/db".
        const auto own = std::ranges::find_if(
            names, [](const std::string& name) { return name.find('/', 1) == std::string::npos; });
        container.name = own == names.end() ? container.id.substr(0, 12) : plain_name(*own);
        container.image = json_text(entry, {"Image"});
        container.image_id = json_text(entry, {"ImageID"});
        read_labels(json_at(entry, {"Labels"}), container);
        all.push_back(std::move(container));
    }
    return all;
}

std::optional<Inspected> parse_inspect(std::string_view body) {
    const json answer = json_of(body);
    Inspected inspected;
    auto& container = inspected.container;
    container.id = json_text(answer, {"Id"});
    if (container.id.empty() || !json_at(answer, {"State"}).is_object()) return std::nullopt;
    container.name = plain_name(json_text(answer, {"Name"}));
    container.image = json_text(answer, {"Config", "Image"});
    if (container.image.empty()) container.image = json_text(answer, {"ImageName"});
    container.image_id = json_text(answer, {"Image"});
    container.created_at = json_time(answer, {"Created"});
    container.restart_count = bounded_int(json_number(answer, {"RestartCount"}));
    const json& host = json_at(answer, {"HostConfig"});
    container.restart_policy = json_text(host, {"RestartPolicy", "Name"});
    container.log_driver = json_text(host, {"LogConfig", "Type"});
    container.command = texts(json_at(answer, {"Args"}));
    if (auto path = json_text(answer, {"Path"}); !path.empty())
        container.command.insert(container.command.begin(), std::move(path));
    read_state(json_at(answer, {"State"}), container);
    read_health(json_at(answer, {"State"}), container);
    read_labels(json_at(answer, {"Config", "Labels"}), container);
    read_environment(json_at(answer, {"Config", "Env"}), container);
    read_networks(answer, container);
    read_mounts(json_at(answer, {"Mounts"}), container);
    read_limits(host, container);
    inspected.tty = json_flag(answer, {"Config", "Tty"});
    return inspected;
}

std::map<std::string, std::string> parse_image_tags(std::string_view body) {
    const json answer = json_of(body);
    std::map<std::string, std::string> tags;
    if (!answer.is_array()) return tags;
    for (const auto& image : answer) {
        const auto id = json_text(image, {"Id"});
        for (auto& tag : texts(json_at(image, {"RepoTags"})))
            tags[plain_reference(std::move(tag))] = id;
    }
    return tags;
}

std::string current_image(const facts::Container& container,
                          const std::map<std::string, std::string>& tags) {
    // What names its content can't point anywhere else.
    if (container.image.find('@') != std::string::npos) return container.image_id;
    const auto found = tags.find(plain_reference(container.image));
    if (found != tags.end()) return found->second;
    return is_image_id(container.image) ? container.image_id : std::string{};
}

std::optional<StatsLook> parse_stats(std::string_view body) {
    const json answer = json_of(body);
    const json& cpu = json_at(answer, {"cpu_stats"});
    const json& memory = json_at(answer, {"memory_stats"});
    StatsLook look;
    look.cpu_ns = json_count(cpu, {"cpu_usage", "total_usage"});
    if (look.cpu_ns == 0) return std::nullopt;
    look.read = json_time(answer, {"read"}).value_or(core::Time{});
    look.online_cpus = bounded_int(json_number(cpu, {"online_cpus"}));
    const json& per_cpu = json_at(cpu, {"cpu_usage", "percpu_usage"});
    if (look.online_cpus <= 0 && per_cpu.is_array())
        look.online_cpus = bounded_int(static_cast<std::int64_t>(per_cpu.size()));
    const bool version1 = json_at(memory, {"stats", "total_inactive_file"}).is_number();
    const auto inactive =
        json_count(memory, {"stats", version1 ? "total_inactive_file" : "inactive_file"});
    look.memory = {grown(inactive, json_count(memory, {"usage"}))};
    look.memory_limit = {json_count(memory, {"limit"})};
    look.periods = json_count(cpu, {"throttling_data", "periods"});
    look.throttled = json_count(cpu, {"throttling_data", "throttled_periods"});
    return look;
}

} // namespace probe
