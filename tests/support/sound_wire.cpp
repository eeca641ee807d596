// SPDX-License-Identifier: MIT
#include "support/sound.hpp"

#include <array>
#include <cstdlib>
#include <optional>

// Redis (RESP, redis.io/docs/reference/protocol-spec) and PostgreSQL (protocol 3, the manual's
// chapter "Frontend/Backend Protocol"), as far as the probes speak them.

namespace sound {
namespace {

using Words = std::vector<std::string>;

/// Takes the first command off `wire`; nothing while it is not whole.
std::optional<Words> take_command(std::string& wire) {
    if (!wire.starts_with('*')) return std::nullopt;
    std::size_t at = wire.find("\r\n");
    if (at == std::string::npos) return std::nullopt;
    const auto count = std::strtoul(wire.c_str() + 1, nullptr, 10);
    at += 2;
    Words words;
    while (words.size() < count) {
        const std::size_t end = wire.find("\r\n", at);
        if (end == std::string::npos) return std::nullopt;
        const auto size = std::strtoul(wire.c_str() + at + 1, nullptr, 10);
        if (wire.size() < end + 2 + size + 2) return std::nullopt;
        words.push_back(wire.substr(end + 2, size));
        at = end + 2 + size + 2;
    }
    wire.erase(0, at);
    return words;
}

std::string bulk(std::string_view text) {
    return "$" + std::to_string(text.size()) + "\r\n" + std::string{text} + "\r\n";
}

constexpr std::string_view k_info =
    "# Server\r\nredis_version:7.0.15\r\nuptime_in_seconds:1000\r\n# Clients\r\n"
    "connected_clients:5\r\nmaxclients:10000\r\n# Memory\r\nused_memory:1048576\r\n"
    "maxmemory:0\r\ntotal_system_memory:8589934592\r\n# Persistence\r\nloading:0\r\n"
    "rdb_changes_since_last_save:0\r\nrdb_last_bgsave_status:ok\r\naof_enabled:0\r\n"
    "# Replication\r\nrole:master\r\nconnected_slaves:0\r\n";

std::string redis_reply(const Words& words, const RedisWish& wish, bool& known) {
    const std::string& word = words.front();
    if (word == "AUTH") {
        known = words.back() == wish.password;
        return known ? "+OK\r\n" : "-WRONGPASS invalid username-password pair\r\n";
    }
    if (!known) return "-NOAUTH Authentication required.\r\n";
    if (word == "PING") return "+PONG\r\n";
    if (word == "INFO")
        return !wish.info_reply.empty() ? wish.info_reply
                                        : bulk(wish.info.empty() ? k_info : wish.info);
    if (word == "CONFIG") return "*2\r\n" + bulk(words.back()) + bulk("100");
    if (word == "TYPE") return "+none\r\n";
    return "+OK\r\n";
}

/// The columns of one row of text; none: no row at all.
using Cells = std::vector<std::string>;

/// What a server that is well answers to a statement, known by a word in it.
Cells cells_for(std::string_view sql) {
    const auto has = [&](std::string_view word) {
        return sql.find(word) != std::string_view::npos;
    };
    if (has("transaction_read_only")) return {"off"};
    if (has("pg_is_in_recovery(), current_setting"))
        return {"gallery", "f", "100", "3", "200000000"};
    if (has("pg_has_role")) return {"5", "t", "0"};
    if (has("xact_start") || has("pg_stat_replication")) return {};
    if (has("pg_stat_database")) return {"1000", "1", "0"};
    if (has("datfrozenxid")) return {"gallery", "1000"};
    if (has("pg_stat_archiver")) return {"f", "on"};
    return {"0", "0"};
}

std::string pg_short(std::size_t value) {
    return {static_cast<char>((value >> 8U) & 0xFFU), static_cast<char>(value & 0xFFU)};
}

std::string pg_text(std::string_view value) {
    return std::string{value} + '\0';
}

std::string row_description(std::size_t columns) {
    constexpr std::uint32_t k_text = 25; // the type's oid
    std::string body = pg_short(columns);
    for (std::size_t i = 0; i < columns; ++i)
        body += pg_text("c") + pg_number(0) + pg_short(0) + pg_number(k_text) + pg_short(0xFFFF)
                + pg_number(0xFFFFFFFF) + pg_short(0);
    return pg_message('T', body);
}

std::string data_row(const Cells& cells) {
    std::string body = pg_short(cells.size());
    for (const auto& cell : cells)
        body += pg_number(static_cast<std::uint32_t>(cell.size())) + cell;
    return pg_message('D', body);
}

bool is_command(std::string_view sql) {
    return sql.starts_with("BEGIN") || sql.starts_with("SET") || sql.starts_with("ROLLBACK");
}

std::string rows_of(std::string_view sql) {
    const auto cells = cells_for(sql);
    return (cells.empty() ? std::string{} : data_row(cells)) + pg_message('C', pg_text("SELECT 1"));
}

/// Reads messages one by one. The first has no type.
class Frames {
  public:
    explicit Frames(Connection& client) : m_client(client) {}

    std::optional<std::string> take(std::size_t size) {
        while (m_wire.size() < size) {
            const auto more = m_client.read_some();
            if (more.empty()) return std::nullopt;
            m_wire += more;
        }
        auto taken = m_wire.substr(0, size);
        m_wire.erase(0, size);
        return taken;
    }

    /// Returns the body of a message whose length comes next.
    std::optional<std::string> body() {
        const auto length = take(4);
        if (!length) return std::nullopt;
        std::size_t size = 0;
        for (const char byte : *length)
            size = size << 8U | static_cast<unsigned char>(byte);
        return size < 4 ? std::nullopt : take(size - 4);
    }

  private:
    Connection& m_client;
    std::string m_wire{};
};

constexpr std::string_view k_ssl_request{"\x04\xd2\x16\x2f", 4};
constexpr std::string_view k_gss_request{"\x04\xd2\x16\x30", 4};

/// Takes the startup message, whatever is asked for before it; false when the client is gone.
bool greet(Connection& client, Frames& frames) {
    while (true) {
        const auto startup = frames.body();
        if (!startup) return false;
        if (*startup != k_ssl_request && *startup != k_gss_request) return true;
        client.send("N");
    }
}

std::string you_are_in(const std::string& version) {
    return pg_message('R', pg_number(0))
           + pg_message('S', pg_text("server_version") + pg_text(version))
           + pg_message('S', pg_text("client_encoding") + pg_text("UTF8"))
           + pg_message('K', pg_number(7) + pg_number(7)) + pg_message('Z', "I");
}

std::string pg_reply(char type, const std::string& body, std::string& sql) {
    switch (type) {
    case 'Q':
        sql = body.substr(0, body.find('\0'));
        return row_description(cells_for(sql).size()) + rows_of(sql) + pg_message('Z', "I");
    case 'P':
        sql = body.substr(body.find('\0') + 1);
        sql.resize(sql.find('\0'));
        sql.erase(0, sql.find_first_not_of(" \n"));
        return pg_message('1', "");
    case 'B':
        return pg_message('2', "");
    case 'D':
        return is_command(sql) ? pg_message('n', "")
                               : row_description(std::max<std::size_t>(cells_for(sql).size(), 1));
    case 'E':
        return is_command(sql) ? pg_message('C', pg_text("OK")) : rows_of(sql);
    case 'S':
        return pg_message('Z', "I");
    default:
        return {};
    }
}

} // namespace

Behaviour redis(RedisWish wish) {
    return [wish = std::move(wish)](Connection& client) {
        std::string wire;
        bool known = wish.password.empty();
        while (true) {
            const auto more = client.read_some();
            if (more.empty()) return;
            wire += more;
            while (const auto words = take_command(wire)) {
                if (words->empty() || !client.send(redis_reply(*words, wish, known))) return;
            }
        }
    };
}

std::string pg_number(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU);
    return bytes;
}

std::string pg_message(char type, std::string_view body) {
    return type + pg_number(static_cast<std::uint32_t>(body.size() + 4)) + std::string{body};
}

std::string pg_error(std::string_view sqlstate, std::string_view text) {
    return pg_message('E', "S" + pg_text("FATAL") + "V" + pg_text("FATAL") + "C" + pg_text(sqlstate)
                               + "M" + pg_text(text) + '\0');
}

Behaviour postgres(PostgresWish wish) {
    return [wish = std::move(wish)](Connection& client) {
        Frames frames{client};
        if (!greet(client, frames)) return;
        if (!wish.login.empty()) {
            client.send(wish.login);
            return client.end();
        }
        client.send(you_are_in(wish.version));
        if (!wish.greeting.empty()) return client.flood(wish.greeting);
        std::string sql;
        while (true) {
            const auto type = frames.take(1);
            const auto body = type ? frames.body() : std::nullopt;
            if (!body || (*type)[0] == 'X') return;
            if (!wish.answer.empty()) {
                client.send(wish.answer);
                return client.flood(std::string(4096, 'x'));
            }
            if (!client.send(pg_reply((*type)[0], *body, sql))) return;
        }
    };
}

} // namespace sound
