// SPDX-License-Identifier: MIT
#include "probe/docker_api.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"
#include "net/url.hpp"

#include <nlohmann/json.hpp>

namespace probe {
namespace {

core::Error bad_url(std::string_view url, std::string reason, std::string hint) {
    core::Error error;
    error.kind = core::ErrorKind::protocol;
    error.what = "reading the Engine's address";
    error.where = core::printable(core::mask_url(url));
    error.reason = std::move(reason);
    error.hint = std::move(hint);
    return error;
}

std::string_view hint_for(core::ErrorKind kind, bool local) {
    switch (kind) {
    case core::ErrorKind::unreachable:
        return local ? "is Docker installed and running (systemctl status docker)? Another"
                       " Engine is named by docker.hosts or DOCKER_HOST"
                     : "is the host up, and does a firewall let us through?";
    case core::ErrorKind::refused:
        return local ? "the socket is there, but no Engine listens: systemctl start docker"
                     : "does the Engine listen on TCP (dockerd -H tcp://…)?";
    case core::ErrorKind::permission:
        return "join the docker group (usermod -aG docker USER, then log in again) or run as root";
    case core::ErrorKind::timeout:
        return "the Engine takes connections and does not answer: journalctl -u docker";
    case core::ErrorKind::restarted:
        return "look again in a moment; journalctl -u docker tells why it went";
    case core::ErrorKind::protocol:
        return "is it a Docker Engine that listens there?";
    default:
        return "";
    }
}

std::string labelled_path(std::string_view api, std::string_view label, std::string_view value) {
    const nlohmann::json filter = {{"label", {std::string{label} + "=" + std::string{value}}}};
    using Handler = nlohmann::json::error_handler_t;
    return "/v" + std::string{api} + "/containers/json?all=1&filters="
           + net::percent_encode(filter.dump(-1, ' ', false, Handler::replace));
}

} // namespace

net::HttpRequest EngineAddress::get(std::string_view path) const {
    net::HttpRequest request;
    request.url = base + std::string{path};
    request.unix_socket = unix_socket;
    request.ca_file = tls.ca_file;
    request.cert_file = tls.cert_file;
    request.key_file = tls.key_file;
    request.verify_tls = tls.verify;
    return request;
}

core::Error EngineAddress::explain(core::Error error) const {
    error.what = "asking the Docker Engine";
    error.where = core::printable(core::mask_url(shown));
    // What is known more closely stays: a name that is not found, TLS on a plain port.
    const bool known = !error.hint.empty()
                       && (error.phase == core::Phase::dns || error.own != core::OwnTrouble::none
                           || error.kind == core::ErrorKind::protocol);
    const auto hint = hint_for(error.kind, !unix_socket.empty());
    if (!known && !hint.empty()) error.hint = hint;
    return error;
}

core::Result<EngineAddress> parse_docker_url(const config::DockerHost& host) {
    constexpr std::string_view k_default = "unix:///var/run/docker.sock";
    EngineAddress address;
    address.shown = host.url.empty() ? std::string{k_default} : host.url;
    address.tls = host.tls;
    const std::string_view url = address.shown;
    if (url.starts_with("unix://")) {
        address.unix_socket = url.substr(7);
        address.base = "http://docker";
        if (address.unix_socket.empty() || address.unix_socket.front() != '/')
            return std::unexpected(bad_url(url, "the socket's path is not absolute",
                                           "it has to look like unix:///var/run/docker.sock"));
        return address;
    }
    if (url.starts_with("ssh://"))
        return std::unexpected(
            bad_url(url, "an Engine over ssh can't be asked directly",
                    "forward its socket: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST,"
                    " then unix:///tmp/docker.sock"));
    std::string rest;
    bool secure = !host.tls.ca_file.empty() || !host.tls.cert_file.empty();
    if (url.starts_with("tcp://")) rest = url.substr(6);
    if (url.starts_with("http://")) rest = url.substr(7);
    if (url.starts_with("https://")) {
        rest = url.substr(8);
        secure = true;
    }
    while (rest.ends_with('/'))
        rest.pop_back();
    secure = secure || rest.ends_with(":2376"); // the Engine's registered port for TLS
    const auto parts = net::parse_url((secure ? "https://" : "http://") + rest);
    if (rest.empty() || !parts)
        return std::unexpected(bad_url(url, "not the address of an Engine",
                                       "it has to look like unix:///var/run/docker.sock or"
                                       " tcp://host:2376"));
    address.base = (secure ? "https://" : "http://") + rest;
    return address;
}

std::string list_path(std::string_view api, std::string_view project) {
    if (project.empty()) return "/v" + std::string{api} + "/containers/json?all=1";
    return labelled_path(api, "com.docker.compose.project", project);
}

std::string stack_list_path(std::string_view api, std::string_view stack) {
    return labelled_path(api, "com.docker.stack.namespace", stack);
}

} // namespace probe
