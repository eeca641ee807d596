// SPDX-License-Identifier: MIT
#include "probe/pg_target.hpp"

#include "core/text.hpp"
#include "probe/proc_file.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>

namespace probe {
namespace {

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

core::Error bad_dsn(std::string reason) {
    core::Error error;
    error.kind = core::ErrorKind::protocol;
    error.what = "reading the DSN";
    error.reason = std::move(reason);
    error.hint = "it has to look like postgresql://user@host:5432/database or"
                 " \"host=… port=… dbname=… user=…\"";
    return error;
}

void add_options(const Options& from, std::map<std::string, std::string>& to) {
    for (const auto* option = from.get(); option != nullptr && option->keyword != nullptr; ++option)
        if (option->val != nullptr && *option->val != '\0') to[option->keyword] = option->val;
}

/// A comma list in which an empty part counts.
std::vector<std::string> parts_of(const std::string& list) {
    std::vector<std::string> parts;
    if (list.empty()) return parts;
    std::size_t from = 0;
    while (from <= list.size()) {
        const std::size_t comma = std::min(list.find(',', from), list.size());
        parts.emplace_back(core::trim(std::string_view{list}.substr(from, comma - from)));
        from = comma + 1;
    }
    return parts;
}

std::string take(std::map<std::string, std::string>& options, const std::string& key) {
    const auto node = options.extract(key);
    return node.empty() ? std::string{} : node.mapped();
}

core::Result<std::vector<PgHost>> hosts_of(std::map<std::string, std::string>& options) {
    const auto names = parts_of(take(options, "host"));
    const auto addresses = parts_of(take(options, "hostaddr"));
    const auto ports = parts_of(take(options, "port"));
    const std::size_t count = std::max({names.size(), addresses.size(), std::size_t{1}});
    constexpr std::size_t k_most_hosts = 16;
    if (count > k_most_hosts || ports.size() > count)
        return std::unexpected(bad_dsn("the DSN lists too many hosts or ports"));
    std::vector<PgHost> hosts(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (i < names.size()) hosts[i].host = names[i];
        if (i < addresses.size()) hosts[i].hostaddr = addresses[i];
        const auto& port = ports.size() == 1 ? ports[0] : i < ports.size() ? ports[i] : "";
        if (port.empty()) continue;
        const auto number = parse_count(port);
        if (!number || *number == 0 || *number > 65535)
            return std::unexpected(bad_dsn("the DSN's port is not a port number"));
        hosts[i].port = static_cast<std::uint16_t>(*number);
    }
    return hosts;
}

/// What the environment (PGHOST, PGPORT) and the build say for a DSN that names no host.
void add_default_place(std::map<std::string, std::string>& options) {
    const bool named = options.contains("host") || options.contains("hostaddr");
    std::map<std::string, std::string> defaults;
    add_options(Options{PQconndefaults()}, defaults);
    if (!named && !options.contains("service") && defaults.contains("host"))
        options["host"] = defaults["host"];
    if (!options.contains("port") && defaults.contains("port")) options["port"] = defaults["port"];
}

} // namespace

core::Result<PgTarget> parse_pg_target(const config::Postgres& target) {
    char* message = nullptr;
    const Options parsed{PQconninfoParse(target.dsn.c_str(), &message)};
    PQfreemem(message);
    if (!parsed) return std::unexpected(bad_dsn("the DSN is not a connection string"));
    PgTarget result;
    add_options(parsed, result.options);
    add_default_place(result.options);
    TRY_ASSIGN(result.hosts, hosts_of(result.options));
    const auto password = take(result.options, "password");
    result.password = target.password.empty() ? core::Secret{password} : target.password;
    result.options.erase("connect_timeout"); // ours is the deadline
    result.options["application_name"] = "gallery-ops";
    result.options["client_encoding"] = "UTF8";
    // Looking for Kerberos tickets can wait for a key server, and no attempt of ours may wait.
    if (!result.options.contains("gssencmode")) result.options["gssencmode"] = "disable";
    return result;
}

} // namespace probe
