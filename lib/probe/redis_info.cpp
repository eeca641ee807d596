// SPDX-License-Identifier: MIT
#include "probe/redis_info.hpp"

#include "core/text.hpp"
#include "probe/proc_file.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <string>

namespace probe {
namespace {

using std::chrono::seconds;

/// The fields of the answer by their names; the first one of a name counts.
class Fields {
  public:
    explicit Fields(std::string_view text) {
        for (const auto line : core::split(text, '\n')) {
            const std::size_t colon = line.find(':');
            if (colon == std::string_view::npos || line.front() == '#') continue;
            m_values.emplace(line.substr(0, colon), core::trim(line.substr(colon + 1)));
        }
    }

    [[nodiscard]] std::string text(std::string_view key, std::string_view fallback = {}) const {
        const auto found = m_values.find(key);
        constexpr std::size_t k_most = 128; // every text field that we read is a word or a version
        return std::string{(found == m_values.end() ? fallback : found->second).substr(0, k_most)};
    }

    [[nodiscard]] std::optional<std::uint64_t> count(std::string_view key) const {
        const auto found = m_values.find(key);
        return found == m_values.end() ? std::nullopt : parse_count(found->second);
    }

    /// Counts that the facts hold as signed figures.
    [[nodiscard]] std::int64_t number(std::string_view key) const {
        constexpr auto k_most =
            static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return static_cast<std::int64_t>(std::min(count(key).value_or(0), k_most));
    }

    [[nodiscard]] double ratio(std::string_view key) const {
        const auto value = text(key);
        double number = 0;
        const auto [end, failure] =
            std::from_chars(value.data(), value.data() + value.size(), number);
        return failure == std::errc{} && std::isfinite(number) && number >= 0 ? number : 0;
    }

    [[nodiscard]] bool flag(std::string_view key) const { return text(key) == "1"; }

    [[nodiscard]] const std::map<std::string_view, std::string_view, std::less<>>& all() const {
        return m_values;
    }

  private:
    std::map<std::string_view, std::string_view, std::less<>> m_values{};
};

/// A length of time that a garbled figure can't make overflow later arithmetic.
seconds bounded_seconds(std::int64_t count) {
    constexpr std::int64_t k_century = 100LL * 366 * 86400;
    return seconds{std::clamp<std::int64_t>(count, 0, k_century)};
}

void read_memory(const Fields& fields, facts::Redis& redis) {
    redis.used_memory = {fields.count("used_memory").value_or(0)};
    redis.max_memory = {fields.count("maxmemory").value_or(0)};
    redis.system_memory = {fields.count("total_system_memory").value_or(0)};
    redis.eviction_policy = fields.text("maxmemory_policy");
    redis.fragmentation_ratio = fields.ratio("mem_fragmentation_ratio");
}

void read_clients(const Fields& fields, facts::Redis& redis) {
    redis.connected_clients = fields.number("connected_clients");
    redis.max_clients = fields.number("maxclients");
    redis.blocked_clients = fields.number("blocked_clients");
    redis.rejected_connections = fields.number("rejected_connections");
    redis.evicted_keys = fields.number("evicted_keys");
}

void read_persistence(const Fields& fields, core::Time now, facts::Redis& redis) {
    redis.loading = fields.flag("loading");
    redis.rdb_last_status = fields.text("rdb_last_bgsave_status", "ok");
    redis.changes_since_save = fields.number("rdb_changes_since_last_save");
    redis.aof_enabled = fields.flag("aof_enabled");
    redis.aof_last_write_status = fields.text("aof_last_write_status", "ok");
    redis.aof_last_rewrite_status = fields.text("aof_last_bgrewrite_status", "ok");
    const std::int64_t saved = fields.number("rdb_last_save_time");
    if (saved == 0) return;
    // The server's own clock where it tells it (7.0 and later), since the two may differ.
    const std::int64_t server_now = fields.number("server_time_usec") / 1'000'000;
    const std::int64_t our_now =
        std::chrono::duration_cast<seconds>(now.time_since_epoch()).count();
    const std::int64_t present = server_now > 0 ? server_now : our_now;
    redis.since_last_save = bounded_seconds(present > saved ? present - saved : 0);
}

/// "ip=172.18.0.5,port=6379,state=online,offset=1234,lag=0"
std::optional<std::uint64_t> replica_offset(std::string_view text) {
    for (const auto part : core::split(text, ',')) {
        constexpr std::string_view k_key = "offset=";
        if (part.starts_with(k_key)) return parse_count(part.substr(k_key.size()));
    }
    return std::nullopt;
}

bool is_replica_line(std::string_view key) {
    constexpr std::string_view k_prefix = "slave";
    return key.starts_with(k_prefix) && parse_count(key.substr(k_prefix.size()));
}

void read_replication(const Fields& fields, facts::Redis& redis) {
    redis.role = fields.text("role");
    redis.connected_replicas = fields.number("connected_slaves");
    redis.master_link_status = fields.text("master_link_status");
    // -1 stands for "never since the link is down"; it is no count.
    if (fields.count("master_last_io_seconds_ago"))
        redis.master_last_io = bounded_seconds(fields.number("master_last_io_seconds_ago"));
    const auto offset = fields.count("master_repl_offset");
    if (!offset || redis.role != "master") return;
    for (const auto& [key, value] : fields.all()) {
        const auto replayed = is_replica_line(key) ? replica_offset(value) : std::nullopt;
        if (!replayed) continue;
        constexpr std::uint64_t k_most = std::uint64_t{1} << 62;
        const auto lag = static_cast<std::int64_t>(std::min(grown(*replayed, *offset), k_most));
        redis.worst_replica_lag_bytes = std::max(redis.worst_replica_lag_bytes.value_or(0), lag);
    }
}

} // namespace

std::optional<facts::Redis> parse_redis_info(std::string_view text, core::Time now) {
    const Fields fields{text};
    facts::Redis redis;
    redis.version = fields.text("redis_version");
    if (redis.version.empty()) return std::nullopt;
    redis.uptime = bounded_seconds(fields.number("uptime_in_seconds"));
    read_memory(fields, redis);
    read_clients(fields, redis);
    read_persistence(fields, now, redis);
    read_replication(fields, redis);
    return redis;
}

} // namespace probe
