// SPDX-License-Identifier: MIT
//
// Is it them or is it us? An error carries the trouble on our side that would explain it. Which of
// the two it is, the whole run tells:
//   - no descriptor, no memory, no thread: always ours;
//   - no route: ours when no server at all was reached by network;
//   - the resolver: ours when at least two names got no answer from it and none got one; where
//     there is no route either, that is why;
//   - the clock: ours when it jumped during the run, shows a time before this program was built, or
//     differs from what servers on several hosts say, all in the same direction.
#include "health/own_trouble.hpp"

#include "core/text.hpp"
#include "core/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace health {
namespace {

using core::Error;
using core::ErrorKind;
using core::OwnTrouble;
using std::chrono::milliseconds;

/// One observation, as far as it matters here.
struct Look {
    const std::string* target = nullptr;
    Error* error = nullptr; ///< nothing: it was observed
    bool by_network = true;
};

template <class Facts>
void add(std::vector<Look>& looks, std::vector<facts::Observed<Facts>>& observed,
         bool by_network = true) {
    for (auto& one : observed)
        looks.push_back({&one.target, one.result ? nullptr : &one.result.error(), by_network});
}

std::vector<Look> looks_of(facts::Observations& seen) {
    std::vector<Look> looks;
    for (auto& engine : seen.engines) {
        const bool by_network = !engine.target.empty() && !engine.target.starts_with("unix:");
        looks.push_back(
            {&engine.target, engine.result ? nullptr : &engine.result.error(), by_network});
    }
    add(looks, seen.endpoints);
    add(looks, seen.postgres);
    add(looks, seen.redis);
    add(looks, seen.ipfs);
    add(looks, seen.prometheus);
    add(looks, seen.alertmanager);
    add(looks, seen.grafana);
    add(looks, seen.ethereum);
    add(looks, seen.host, false);
    for (auto& node : seen.ipfs) {
        if (!node.result || !node.result->content) continue;
        auto& content = *node.result->content;
        looks.push_back({&node.target, content ? nullptr : &content.error()});
    }
    return looks;
}

/// Whether bytes went forth and back, whatever was said.
bool was_reached(const Look& look) {
    if (!look.by_network) return false;
    if (look.error == nullptr) return true;
    switch (look.error->kind) {
    case ErrorKind::refused:
    case ErrorKind::reset:
    case ErrorKind::auth:
    case ErrorKind::tls:
    case ErrorKind::protocol:
    case ErrorKind::too_large:
    case ErrorKind::missing:
        return true;
    default:
        return false;
    }
}

/// Returns the host in a URL or in a keyword/value DSN; empty when there is none.
std::string_view host_in(std::string_view target) {
    constexpr std::string_view k_keyword = "host=";
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos) {
        target = target.substr(scheme + 3);
        target = target.substr(0, target.find_first_of("/?#"));
        if (const auto at = target.rfind('@'); at != std::string_view::npos)
            target = target.substr(at + 1);
        if (target.starts_with('[')) return target.substr(0, target.find(']') + 1);
        return target.substr(0, target.rfind(':'));
    }
    const auto at = target.find(k_keyword);
    if (at == std::string_view::npos) return {};
    target = target.substr(at + k_keyword.size());
    return target.substr(0, target.find_first_of(" ,"));
}

/// Whether the resolver has to be asked for `host`: not for an address, nor for what every host
/// knows.
bool is_name(std::string_view host) {
    return !host.empty() && host.front() != '[' && host.front() != '/' && host != "localhost"
           && host.find_first_not_of("0123456789.") != std::string_view::npos;
}

/// Whether the name must have been found, or refused, before this error came about.
bool tells_of_name(const Error& error) {
    return error.kind != ErrorKind::cancelled && error.kind != ErrorKind::observer
           && error.phase != core::Phase::none;
}

bool no_route(const std::vector<Look>& looks) {
    const auto blames_route = [](const Look& look) {
        return look.error != nullptr && look.error->own == OwnTrouble::route;
    };
    return std::ranges::any_of(looks, blames_route) && std::ranges::none_of(looks, was_reached);
}

bool dead_resolver(const std::vector<Look>& looks) {
    constexpr std::size_t k_enough = 2;
    std::set<std::string_view> silent;
    for (const auto& look : looks) {
        const auto host = host_in(*look.target);
        if (!is_name(host)) continue;
        if (look.error == nullptr) return false;
        const bool unanswered = look.error->own == OwnTrouble::resolver;
        if (!unanswered && tells_of_name(*look.error)) return false;
        if (unanswered) silent.insert(host);
    }
    return silent.size() >= k_enough;
}

/// Reads the Date of an answer, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7).
std::optional<core::Time> parse_http_date(std::string_view text) {
    constexpr std::string_view k_months{"JanFebMarAprMayJunJulAugSepOctNovDec"};
    constexpr std::size_t k_length = 29;
    if (text.size() != k_length || !text.ends_with(" GMT")) return std::nullopt;
    const auto month = k_months.find(text.substr(8, 3));
    const auto number = [&](std::size_t at, std::size_t size) {
        int value = -1;
        std::from_chars(text.data() + at, text.data() + at + size, value);
        return value;
    };
    const int day = number(5, 2);
    const int year = number(12, 4);
    const std::array parts{number(17, 2), number(20, 2), number(23, 2)};
    if (month == std::string_view::npos || month % 3 != 0 || day < 1 || year < 1
        || std::ranges::any_of(parts, [](int part) { return part < 0; }))
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month / 3 + 1)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{parts[0]}
           + std::chrono::minutes{parts[1]} + std::chrono::seconds{parts[2]};
}

/// What one server's clock says: `host` tells whose clock it is.
struct Witness {
    std::string host{};
    milliseconds skew{}; ///< how far it is ahead of ours
};

/// Returns whose clock an endpoint's answer tells: several endpoints of one host share one. Behind
/// the ports of this host there may be others, by tunnels and proxies: each counts.
std::string clock_of(const facts::Observed<facts::Http>& endpoint) {
    const auto& address = endpoint.result->remote_address;
    const auto host = host_in(endpoint.target);
    const bool here = address.starts_with("127.") || address == "::1";
    if (!address.empty() && !here) return address;
    if (host.empty()) return endpoint.name;
    if (!here) return std::string{host};
    const auto& target = endpoint.target;
    const auto at = target.find("://");
    return target.substr(0, at == std::string::npos ? at : target.find_first_of("/?#", at + 3));
}

/// What the servers' clocks say. An answer out of a cache tells an old time.
std::vector<Witness> witnesses(const facts::Observations& seen) {
    std::vector<Witness> all;
    for (const auto& endpoint : seen.endpoints) {
        if (!endpoint.result || endpoint.result->headers.contains("age")) continue;
        const auto date = endpoint.result->headers.find("date");
        if (date == endpoint.result->headers.end()) continue;
        if (const auto time = parse_http_date(date->second))
            all.push_back(
                {clock_of(endpoint), std::chrono::duration_cast<milliseconds>(*time - seen.now)});
    }
    return all;
}

std::string span_text(milliseconds span) {
    return core::format_duration(
        std::chrono::duration_cast<std::chrono::microseconds>(std::max(span, -span)));
}

/// Returns the servers' word against our clock; empty when there is none, or they disagree, or all
/// of it is the word of one host.
std::string contradiction(const facts::Observations& seen) {
    constexpr std::chrono::minutes k_tolerated{5};
    constexpr std::size_t k_enough = 2;
    const auto all = witnesses(seen);
    std::set<std::string_view> hosts;
    for (const auto& witness : all)
        hosts.insert(witness.host);
    const auto ahead = [&](milliseconds skew) { return skew > k_tolerated; };
    const auto behind = [&](milliseconds skew) { return skew < -k_tolerated; };
    if (hosts.size() < k_enough
        || (!std::ranges::all_of(all, ahead, &Witness::skew)
            && !std::ranges::all_of(all, behind, &Witness::skew)))
        return {};
    const auto nearest = std::ranges::min_element(all, {}, [](const Witness& witness) {
                             return std::max(witness.skew, -witness.skew);
                         })->skew;
    return fmt::format("the clock of this host is {} {} the clocks of {} servers",
                       span_text(nearest), nearest.count() > 0 ? "behind" : "ahead of",
                       hosts.size());
}

/// Says of an error whether it is ours.
void decide(Error& error, bool route, bool resolver, bool clock) {
    bool ours = true;
    switch (error.own) {
    case OwnTrouble::none:
        return;
    case OwnTrouble::route:
        ours = route;
        break;
    case OwnTrouble::resolver:
        ours = route || resolver;
        if (route) error.own = OwnTrouble::route;
        break;
    case OwnTrouble::clock:
        ours = clock;
        break;
    default:
        break;
    }
    if (ours)
        error.kind = ErrorKind::observer;
    else
        error.own = OwnTrouble::none;
}

struct Words {
    OwnTrouble trouble = OwnTrouble::none;
    std::string_view message{};
    std::string_view remediation{};
};

constexpr std::array k_words = std::to_array<Words>({
    {OwnTrouble::descriptors, "out of file descriptors",
     "raise the limit (ulimit -n), or look at fewer targets at a time (--component, --only)"},
    {OwnTrouble::threads, "no thread can be started",
     "look at the limits of this user: ulimit -u, and the unit's TasksMax"},
    {OwnTrouble::memory, "out of memory", "free memory: free -m; ulimit -v"},
    {OwnTrouble::route, "no server is reached: this host has no route",
     "ip route; ip link: is the network up?"},
    {OwnTrouble::resolver, "no name is found: the resolver gives no answer",
     "look at /etc/resolv.conf and whether its name servers answer"},
});

void add_full_disks(const facts::Observations& seen, std::vector<Ailment>& all) {
    for (const auto& outlet : seen.self->outlets) {
        if (!outlet.full) continue;
        all.push_back(
            {"disk",
             fmt::format("no space left in {}: {} can't be written", outlet.folder, outlet.file),
             fmt::format("free space there: df -h {0}; df -i {0}", outlet.folder), 0});
        return; // one is enough to be told
    }
}

} // namespace

std::string own_finding(std::string_view name) {
    return fmt::format("health.self.{}", name);
}

std::string clock_trouble(const facts::Observations& seen) {
    if (!seen.self) return {};
    constexpr std::chrono::seconds k_tolerated_step{1};
    constexpr std::chrono::days k_zones{2}; // the day of the build has no zone
    const auto step = seen.self->clock_step;
    if (step > k_tolerated_step || step < -k_tolerated_step)
        return fmt::format("the clock of this host jumped {} by {} during the run",
                           step.count() > 0 ? "forwards" : "backwards", span_text(step));
    if (seen.now < seen.self->built - k_zones)
        return fmt::format("the clock of this host shows {}, before this program was built",
                           core::format_utc(seen.now));
    return contradiction(seen);
}

facts::Observations own_up(facts::Observations seen) {
    const auto looks = looks_of(seen);
    const bool route = no_route(looks);
    const bool resolver = dead_resolver(looks);
    const bool clock = !clock_trouble(seen).empty();
    for (const auto& look : looks) {
        if (look.error != nullptr) decide(*look.error, route, resolver, clock);
    }
    return seen;
}

std::vector<Ailment> ailments(const facts::Observations& seen) {
    auto copy = seen;
    const auto looks = looks_of(copy);
    const auto hidden_by = [&](OwnTrouble trouble) {
        return static_cast<std::size_t>(std::ranges::count_if(looks, [&](const Look& look) {
            return look.error != nullptr && look.error->kind == ErrorKind::observer
                   && look.error->own == trouble;
        }));
    };
    std::vector<Ailment> all;
    for (const auto& words : k_words) {
        const auto hidden = hidden_by(words.trouble);
        if (hidden == 0) continue;
        auto message = std::string{words.message};
        if (words.trouble == OwnTrouble::descriptors && seen.self
            && seen.self->descriptor_limit > 0)
            message += fmt::format(" (limit {})", seen.self->descriptor_limit);
        message += fmt::format("; not seen: {}",
                               core::count_of(static_cast<std::int64_t>(hidden), "target"));
        all.push_back({std::string{core::name(words.trouble)}, std::move(message),
                       std::string{words.remediation}, hidden});
    }
    if (seen.self) add_full_disks(seen, all);
    if (auto trouble = clock_trouble(seen); !trouble.empty())
        all.push_back({"clock", std::move(trouble),
                       "timedatectl; chronyc tracking: set the clock, then look again",
                       hidden_by(OwnTrouble::clock)});
    return all;
}

} // namespace health
