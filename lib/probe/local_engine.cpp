// SPDX-License-Identifier: MIT
#include "probe/local_engine.hpp"

#include <system_error>

namespace probe {
namespace {

config::DockerHost from_environment(const std::string& url, const config::Environment& env) {
    config::DockerHost host;
    host.name = "local";
    host.url = url;
    const auto folder = env("DOCKER_CERT_PATH");
    const bool wants_tls = !env("DOCKER_TLS_VERIFY").value_or("").empty();
    if (wants_tls && folder) {
        const std::filesystem::path certificates{*folder};
        host.tls.ca_file = certificates / "ca.pem";
        host.tls.cert_file = certificates / "cert.pem";
        host.tls.key_file = certificates / "key.pem";
    }
    return host;
}

} // namespace

std::vector<config::DockerHost> local_engines(const config::Environment& env,
                                              const std::filesystem::path& root) {
    if (const auto url = env("DOCKER_HOST"); url && !url->empty())
        return {from_environment(*url, env)};
    std::vector<std::filesystem::path> sockets{"var/run/docker.sock", "run/docker.sock"};
    if (const auto runtime = env("XDG_RUNTIME_DIR"))
        sockets.push_back(std::filesystem::path{*runtime}.relative_path() / "podman/podman.sock");
    sockets.emplace_back("run/podman/podman.sock");
    for (const auto& socket : sockets) {
        std::error_code ignored;
        if (!std::filesystem::exists(root / socket, ignored)) continue;
        config::DockerHost host;
        host.name = "local";
        host.url = "unix://" + (root / socket).string();
        return {host};
    }
    return {};
}

} // namespace probe
