// SPDX-License-Identifier: MIT
#include "config/credentials.hpp"

#include "config/interpolate.hpp"
#include "config/locator.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace config {
namespace {

/// Returns whether `host` is a name by which others reach `server`.
bool is_name_of(const facts::Container& server, std::string_view host) {
    return host == server.service || host == server.name
           || std::ranges::find(server.aliases, host) != server.aliases.end();
}

/// Cuts the driver off that SQLAlchemy and others put into the scheme: postgresql+psycopg2://.
std::string without_driver(std::string_view url) {
    const auto scheme = url.find("://");
    const auto plus = url.substr(0, scheme).find('+');
    if (scheme == std::string_view::npos || plus == std::string_view::npos) return std::string{url};
    return std::string{url.substr(0, plus)} + std::string{url.substr(scheme)};
}

std::string value_or_empty(const std::map<std::string, std::string>& values, const char* key) {
    const auto found = values.find(key);
    return found == values.end() ? std::string{} : found->second;
}

std::optional<Credentials> from_postgres_url(const facts::Container& server,
                                             const std::string& text) {
    const std::string url = without_driver(text);
    const bool looks_like_one = url.starts_with("postgres://") || url.starts_with("postgresql://")
                                || url.find("host=") != std::string::npos;
    if (!looks_like_one) return std::nullopt;
    const auto dsn = parse_dsn(url);
    if (!dsn || !is_name_of(server, value_or_empty(dsn->values, "host"))) return std::nullopt;
    Credentials found;
    found.user = value_or_empty(dsn->values, "user");
    found.database = value_or_empty(dsn->values, "dbname");
    found.password = core::Secret{dsn->password.value_or("")};
    return found;
}

std::optional<Credentials> from_postgres_variables(const facts::Container& server,
                                                   const facts::Container& client) {
    const auto host = variable(client, {"PGHOST", "POSTGRES_HOST", "DB_HOST", "DATABASE_HOST"});
    if (!host || !is_name_of(server, *host)) return std::nullopt;
    const auto password = variable(
        client, {"PGPASSWORD", "POSTGRES_PASSWORD", "DB_PASSWORD", "DATABASE_PASSWORD", "DB_PASS"});
    if (!password) return std::nullopt;
    Credentials found;
    found.user =
        variable(client, {"PGUSER", "POSTGRES_USER", "DB_USER", "DATABASE_USER"}).value_or("");
    found.database =
        variable(client, {"PGDATABASE", "POSTGRES_DB", "DB_NAME", "DATABASE_NAME"}).value_or("");
    found.password = core::Secret{*password};
    return found;
}

std::optional<Credentials> from_postgres_clients(const facts::Container& server,
                                                 const Containers& clients) {
    for (const auto* client : clients) {
        for (const auto& [name, value] : client->environment) {
            auto found = from_postgres_url(server, value.reveal());
            if (found && !found->password.empty()) return found;
        }
        if (auto found = from_postgres_variables(server, *client)) return found;
    }
    return std::nullopt;
}

std::optional<Credentials> from_redis_url(const facts::Container& server, const std::string& text) {
    if (!text.starts_with("redis://") && !text.starts_with("rediss://")) return std::nullopt;
    const auto url = parse_url(text);
    if (!url || !is_name_of(server, url->host)) return std::nullopt;
    Credentials found;
    found.user = url->user;
    found.password = core::Secret{url->password.value_or("")};
    found.tls = url->scheme == "rediss";
    return found;
}

std::optional<Credentials> from_redis_clients(const facts::Container& server,
                                              const Containers& clients) {
    for (const auto* client : clients) {
        for (const auto& [name, value] : client->environment) {
            auto found = from_redis_url(server, value.reveal());
            if (found && !found->password.empty()) return found;
        }
        const auto host = variable(*client, {"REDIS_HOST", "REDIS_ADDR", "CACHE_HOST"});
        const auto password = variable(*client, {"REDIS_PASSWORD", "REDIS_AUTH", "CACHE_PASSWORD"});
        if (!host || !password) continue;
        const auto name = host->substr(0, host->find(':'));
        if (is_name_of(server, name)) return Credentials{{}, {}, core::Secret{*password}, false};
    }
    return std::nullopt;
}

/// Cuts a shell's command line into words: blanks part, quotes hold together.
std::vector<std::string> shell_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    char quote = '\0';
    bool open = false;
    const auto finish = [&] {
        if (open) words.push_back(std::exchange(word, {}));
        open = false;
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '\\' && quote != '\'' && at + 1 < text.size()) {
            c = text[++at];
        } else if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
            quote = quote == '\0' ? c : '\0';
            open = true;
            continue;
        } else if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n' || c == ';' || c == '&')) {
            finish();
            continue;
        }
        word += c;
        open = true;
    }
    finish();
    return words;
}

/// The arguments; what a shell is given as its script is cut into words and its variables are
/// replaced.
std::vector<std::string> all_words(const facts::Container& container) {
    const Lookup lookup = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = container.environment.find(name);
        if (found == container.environment.end()) return std::nullopt;
        return found->second.reveal();
    };
    std::vector<std::string> words;
    bool script = false;
    for (const auto& argument : container.command) {
        if (!script) {
            words.push_back(argument);
            script =
                argument == "-c" || argument == "-ec" || argument == "-lc" || argument == "-euc";
            continue;
        }
        script = false;
        for (const auto& word : shell_words(argument)) {
            const auto done = interpolate(word, lookup, Dialect::compose);
            words.push_back(done ? done->text : word);
        }
    }
    return words;
}

} // namespace

std::optional<std::string> variable(const facts::Container& container,
                                    std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
        const auto found = container.environment.find(std::string{name});
        if (found != container.environment.end() && !found->second.empty())
            return found->second.reveal();
    }
    return std::nullopt;
}

std::optional<std::string> command_flag(const facts::Container& container, std::string_view flag) {
    const auto words = all_words(container);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == flag && i + 1 < words.size()) return words[i + 1];
        if (words[i].starts_with(flag) && words[i].size() > flag.size()
            && words[i][flag.size()] == '=')
            return words[i].substr(flag.size() + 1);
    }
    return std::nullopt;
}

Credentials postgres_credentials(const facts::Container& server, const Containers& clients) {
    Credentials own;
    own.user = variable(server, {"POSTGRES_USER", "POSTGRESQL_USERNAME", "PGUSER"}).value_or("");
    own.database =
        variable(server, {"POSTGRES_DB", "POSTGRESQL_DATABASE", "PGDATABASE"}).value_or("");
    own.password = core::Secret{
        variable(server, {"POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD", "PGPASSWORD"}).value_or("")};
    if (own.password.empty()) {
        if (auto client = from_postgres_clients(server, clients)) own = *std::move(client);
    }
    if (own.user.empty()) own.user = "postgres";
    if (own.database.empty()) own.database = own.user;
    return own;
}

Credentials redis_credentials(const facts::Container& server, const Containers& clients) {
    auto client = from_redis_clients(server, clients);
    Credentials own;
    if (auto password = command_flag(server, "--requirepass"))
        own.password = core::Secret{*password};
    else if (auto set = variable(server, {"REDIS_PASSWORD", "REDISCLI_AUTH"}))
        own.password = core::Secret{*set};
    if (client && client->tls) own.tls = true;
    if (own.password.empty() && client) own = *std::move(client);
    // "default" is the user that a password alone signs in.
    if (own.user == "default") own.user.clear();
    return own;
}

std::vector<std::string> queue_keys(const Containers& clients) {
    std::vector<std::string> keys;
    for (const auto* client : clients) {
        const auto key =
            variable(*client, {"GAN_QUEUE", "GAN_QUEUE_KEY", "QUEUE_KEY", "REDIS_QUEUE"});
        const bool printable = key && key->find_first_of(" \t\r\n") == std::string::npos;
        if (printable && std::ranges::find(keys, *key) == keys.end()) keys.push_back(*key);
    }
    return keys;
}

} // namespace config
