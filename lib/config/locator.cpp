// SPDX-License-Identifier: MIT
#include "config/locator.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace config {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    int port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failure != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
        return std::nullopt;
    return static_cast<std::uint16_t>(port);
}

bool is_host(std::string_view host) {
    return !host.empty() && std::ranges::all_of(host, [](char c) {
        return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
    });
}

bool is_ipv6(std::string_view host) {
    return host.find(':') != std::string_view::npos && std::ranges::all_of(host, [](char c) {
               return hex_value(c) >= 0 || c == ':' || c == '.' || c == '%' || is_letter(c);
           });
}

using Problem = std::expected<void, std::string>;

Problem read_host(std::string_view text, Url& url) {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::unexpected("'[' without its ']'");
        url.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!is_ipv6(url.host)) return std::unexpected("no IPv6 address between '[' and ']'");
        if (!port.empty() && port.front() != ':') return std::unexpected("text after the host");
    } else {
        const auto colon = text.find(':');
        url.host = text.substr(0, colon);
        port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
        if (url.host.empty()) return std::unexpected("the host is missing");
        if (!is_host(url.host))
            return std::unexpected("the host holds a character that no host has");
    }
    if (port.empty()) return {};
    url.port = parse_port(port.substr(1));
    if (!url.port) return std::unexpected("the port must be a number from 1 to 65535");
    return {};
}

void read_user(std::string_view text, Url& url) {
    url.has_user = true;
    const auto colon = text.find(':');
    url.user = percent_decode(text.substr(0, colon));
    if (colon != std::string_view::npos) url.password = percent_decode(text.substr(colon + 1));
}

/// The words that libpq knows (PostgreSQL 16 manual, 34.1.2): a near miss is a typing error. Others
/// pass, so that a newer libpq's words can be used.
constexpr std::string_view k_dsn_words[] = {"host",
                                            "hostaddr",
                                            "port",
                                            "dbname",
                                            "user",
                                            "password",
                                            "passfile",
                                            "require_auth",
                                            "channel_binding",
                                            "connect_timeout",
                                            "client_encoding",
                                            "options",
                                            "application_name",
                                            "fallback_application_name",
                                            "keepalives",
                                            "keepalives_idle",
                                            "keepalives_interval",
                                            "keepalives_count",
                                            "tcp_user_timeout",
                                            "replication",
                                            "gssencmode",
                                            "sslmode",
                                            "requiressl",
                                            "sslcompression",
                                            "sslcert",
                                            "sslkey",
                                            "sslpassword",
                                            "sslcertmode",
                                            "sslrootcert",
                                            "sslcrl",
                                            "sslcrldir",
                                            "sslsni",
                                            "requirepeer",
                                            "ssl_min_protocol_version",
                                            "ssl_max_protocol_version",
                                            "krbsrvname",
                                            "gsslib",
                                            "gssdelegation",
                                            "service",
                                            "target_session_attrs",
                                            "load_balance_hosts"};

Problem check_word(const std::string& word) {
    if (std::ranges::find(k_dsn_words, word) != std::end(k_dsn_words)) return {};
    if (const auto near = core::nearest(word, std::span<const std::string_view>{k_dsn_words}))
        return std::unexpected(fmt::format("no connection parameter '{}'; did you mean '{}'?",
                                           core::printable(word), *near));
    return {};
}

Problem check_ports(const Dsn& dsn) {
    const auto found = dsn.values.find("port");
    if (found == dsn.values.end() || found->second.empty()) return {};
    for (const auto part : core::split(found->second, ',')) {
        if (!part.empty() && !parse_port(part))
            return std::unexpected("the port must be a number from 1 to 65535");
    }
    return {};
}

Problem keep(Dsn& dsn, std::string key, std::string value) {
    if (auto known = check_word(key); !known) return known;
    if (key == "password") {
        dsn.password = std::move(value);
        return {};
    }
    dsn.values.insert_or_assign(std::move(key), std::move(value));
    return {};
}

/// Reads the keyword/value form from left to right, as libpq's conninfo_parse does.
class KeywordReader {
  public:
    explicit KeywordReader(std::string_view text) : m_text(text) {}

    std::expected<Dsn, std::string> run() {
        Dsn dsn;
        while (skip_blanks(), m_at < m_text.size()) {
            const auto start = m_at;
            const std::string key = read_key();
            skip_blanks();
            if (key.empty() || m_at >= m_text.size() || m_text[m_at] != '=')
                return std::unexpected("'=' is missing: write host=… user=… dbname=…");
            ++m_at;
            skip_blanks();
            std::string value;
            if (!read_value(value)) return std::unexpected("a quote is not closed");
            const bool secret = key == "password";
            if (!secret) dsn.plain += std::string{m_text.substr(start, m_at - start)} + " ";
            if (auto kept = keep(dsn, key, std::move(value)); !kept)
                return std::unexpected(std::move(kept).error());
        }
        if (!dsn.plain.empty()) dsn.plain.pop_back();
        if (auto ports = check_ports(dsn); !ports) return std::unexpected(std::move(ports).error());
        return dsn;
    }

  private:
    void skip_blanks() {
        while (m_at < m_text.size() && is_blank(m_text[m_at]))
            ++m_at;
    }

    std::string read_key() {
        const auto start = m_at;
        while (m_at < m_text.size() && m_text[m_at] != '=' && !is_blank(m_text[m_at]))
            ++m_at;
        return std::string{m_text.substr(start, m_at - start)};
    }

    bool read_value(std::string& value) {
        const bool quoted = m_at < m_text.size() && m_text[m_at] == '\'';
        if (quoted) ++m_at;
        for (; m_at < m_text.size(); ++m_at) {
            char c = m_text[m_at];
            if (quoted ? c == '\'' : is_blank(c)) break;
            if (c == '\\' && m_at + 1 < m_text.size()) c = m_text[++m_at];
            value += c;
        }
        if (!quoted) return true;
        if (m_at >= m_text.size()) return false;
        ++m_at;
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

/// Reads "user:password@" off the front of `authority`; returns what must stay of it.
std::string read_dsn_user(std::string_view& authority, Dsn& dsn) {
    const auto at = authority.rfind('@');
    if (at == std::string_view::npos) return {};
    const auto user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
    const auto colon = user.find(':');
    if (const auto name = percent_decode(user.substr(0, colon)); !name.empty())
        dsn.values["user"] = name;
    if (colon != std::string_view::npos) dsn.password = percent_decode(user.substr(colon + 1));
    return std::string{user.substr(0, colon)} + "@";
}

void read_dsn_hosts(std::string_view authority, Dsn& dsn) {
    std::string hosts;
    std::string ports;
    for (const auto one : core::split(authority, ',')) {
        const auto bracket = one.starts_with('[') ? one.find(']') : 0;
        const auto colon = bracket == std::string_view::npos ? bracket : one.find(':', bracket);
        auto host = one.substr(0, colon);
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
        hosts += (hosts.empty() ? "" : ",") + percent_decode(host);
        if (colon != std::string_view::npos)
            ports += (ports.empty() ? "" : ",") + std::string{one.substr(colon + 1)};
    }
    if (!hosts.empty()) dsn.values["host"] = hosts;
    if (!ports.empty()) dsn.values["port"] = ports;
}

/// Reads "?key=value&…"; returns it without a password.
std::expected<std::string, std::string> read_dsn_query(std::string_view query, Dsn& dsn) {
    std::string plain;
    for (const auto pair : core::split(query, '&')) {
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos)
            return std::unexpected("a parameter after '?' has no '='");
        const std::string key = percent_decode(pair.substr(0, equals));
        if (key != "password") plain += (plain.empty() ? "?" : "&") + std::string{pair};
        // libpq takes ssl=true for sslmode=require, for JDBC's sake.
        if (key == "ssl") continue;
        auto kept = keep(dsn, key, percent_decode(pair.substr(equals + 1)));
        if (!kept) return std::unexpected(std::move(kept).error());
    }
    return plain;
}

std::expected<Dsn, std::string> parse_dsn_url(std::string_view text) {
    Dsn dsn;
    if (std::ranges::any_of(text, is_blank)) return std::unexpected("a blank inside of the URL");
    const auto start = text.find("://") + 3;
    const auto query_at = std::min(text.find('?', start), text.size());
    const auto path_at = std::min(text.find('/', start), query_at);
    std::string_view authority = text.substr(start, path_at - start);
    dsn.plain = text.substr(0, start);
    dsn.plain += read_dsn_user(authority, dsn);
    dsn.plain += authority;
    read_dsn_hosts(authority, dsn);
    const auto path = text.substr(path_at, query_at - path_at);
    if (path.size() > 1) dsn.values["dbname"] = percent_decode(path.substr(1));
    dsn.plain += path;
    if (query_at < text.size()) {
        auto query = read_dsn_query(text.substr(query_at + 1), dsn);
        if (!query) return std::unexpected(std::move(query).error());
        dsn.plain += *query;
    }
    if (auto ports = check_ports(dsn); !ports) return std::unexpected(std::move(ports).error());
    return dsn;
}

} // namespace

std::string Url::plain() const {
    std::string out = scheme + "://";
    out += host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port) out += fmt::format(":{}", *port);
    return out + rest;
}

std::expected<Url, std::string> parse_url(std::string_view text) {
    Url url;
    if (std::ranges::any_of(text, is_blank)) return std::unexpected("a blank inside of the URL");
    const auto colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0)
        return std::unexpected("the scheme is missing");
    if (!is_letter(text.front()) || !std::ranges::all_of(text.substr(0, colon), [](char c) {
            return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
        }))
        return std::unexpected("the scheme is not a word");
    url.scheme = core::to_lower(text.substr(0, colon));
    text.remove_prefix(colon + 3);
    const auto end = std::min(text.find_first_of("/?#"), text.size());
    std::string_view authority = text.substr(0, end);
    url.rest = text.substr(end);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        read_user(authority.substr(0, at), url);
        authority.remove_prefix(at + 1);
    }
    if (auto host = read_host(authority, url); !host)
        return std::unexpected(std::move(host).error());
    return url;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool encoded = text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0
                             && hex_value(text[at + 2]) >= 0;
        if (!encoded) {
            out += text[at];
            continue;
        }
        out += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
        at += 2;
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~')
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::expected<Dsn, std::string> parse_dsn(std::string_view text) {
    if (text.starts_with("postgres://") || text.starts_with("postgresql://"))
        return parse_dsn_url(text);
    // SQLAlchemy's "postgresql+psycopg2://…" is what applications have; libpq does not take it.
    if (text.find("://") != std::string_view::npos && text.find("://") < text.find('='))
        return std::unexpected("it must start with 'postgresql://', or be host=… user=… dbname=…");
    return KeywordReader(text).run();
}

std::string dsn_value(std::string_view value) {
    const bool plain = !value.empty() && std::ranges::none_of(value, [](char c) {
        return is_blank(c) || c == '\'' || c == '\\';
    });
    if (plain) return std::string{value};
    std::string out = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

} // namespace config
