// SPDX-License-Identifier: MIT
#include "core/address.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
#include "logs/detectors/attack.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/detectors/server_error.hpp"
#include "logs/hash.hpp"
#include "logs/slots.hpp"
#include "logs/summary.hpp"
#include "logs/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace logs {
namespace {

constexpr std::size_t k_kinds = 9;
constexpr std::size_t k_most_visitors = 100'000;
constexpr std::size_t k_most_known = 200'000; ///< texts of addresses, targets
constexpr std::size_t k_most_misses = 64;
constexpr std::size_t k_many_misses = 20;
constexpr double k_miss_share = 0.6;
constexpr std::int64_t k_enough_points = 8;
constexpr std::int64_t k_many_attacks = 20; ///< plain ones of one address
constexpr std::int64_t k_many_in_all = 50;

std::size_t place_of(Attack attack) {
    return static_cast<std::size_t>(std::to_underlying(attack));
}

/// How much one request says. One injection is plain; everybody mistypes an address once.
std::int64_t weight_of(Attack attack) {
    if (is_plain(attack)) return 10;
    return attack == Attack::probe ? 4 : 1;
}

/// What one address asked for, from the first request on that was odd.
struct Visitor {
    core::Address address{};
    std::int64_t requests = 0;
    std::array<std::int64_t, k_kinds> attacks{};
    std::int64_t missed = 0;          ///< requests for what is not there
    std::set<std::uint64_t> misses{}; ///< hashes of their targets
    std::int64_t secrets = 0;         ///< secret files that it was given
    Times times{};

    void add(const Visitor& later) {
        requests += later.requests;
        for (std::size_t i = 0; i < k_kinds; ++i)
            attacks.at(i) += later.attacks.at(i);
        missed += later.missed;
        for (const auto miss : later.misses)
            if (misses.size() < k_most_misses) misses.insert(miss);
        secrets += later.secrets;
        times.add(later.times);
    }

    [[nodiscard]] std::int64_t plain() const {
        std::int64_t sum = 0;
        for (std::size_t i = place_of(Attack::scanner); i < k_kinds; ++i)
            sum += attacks.at(i);
        return sum;
    }

    [[nodiscard]] bool hunts() const {
        return misses.size() >= k_many_misses
               && static_cast<double>(missed) >= k_miss_share * static_cast<double>(requests);
    }

    [[nodiscard]] std::int64_t points() const {
        std::int64_t sum = hunts() ? missed : 0;
        for (std::size_t i = 1; i < k_kinds; ++i)
            sum += attacks.at(i) * weight_of(static_cast<Attack>(i));
        return sum;
    }
};

bool is_miss(int status) {
    return status == 400 || (status >= 403 && status <= 405) || status == 410;
}

std::string told(const Visitor& visitor) {
    std::vector<std::pair<std::int64_t, std::string_view>> kinds;
    for (std::size_t i = 1; i < k_kinds; ++i)
        if (visitor.attacks.at(i) > 0)
            kinds.emplace_back(visitor.attacks.at(i), name(static_cast<Attack>(i)));
    std::ranges::stable_sort(kinds, std::ranges::greater{},
                             &std::pair<std::int64_t, std::string_view>::first);
    std::vector<std::string> words;
    for (const auto& [count, kind] : kinds)
        words.push_back(fmt::format("{} × {}", count, kind));
    if (visitor.hunts())
        words.push_back(fmt::format("{} of {} for what is not there", visitor.missed,
                                    core::count_of(visitor.requests, "request")));
    return core::join(words, ", ");
}

class WebAttackWatcher : public Watcher {
  public:
    explicit WebAttackWatcher(const Visitors& visitors) : m_policy(visitors) {}

    [[nodiscard]] bool wants_requests() const override { return true; }

    [[nodiscard]] bool wants(const Event& event) const override {
        return refused_request(event).has_value();
    }

    void see(const Event& event, Stream /*stream*/) override {
        if (event.request) return see_request(event, *event.request);
        const auto refused = refused_request(event);
        if (!refused) return;
        Request request;
        request.client = refused->client;
        request.method = refused->is_http ? "GET" : "";
        request.target = refused->is_http ? refused->path : "no HTTP";
        request.status = refused->is_http ? 404 : 400;
        see_request(event, request);
    }

    void absorb(Watcher& other, Stream /*stream*/) override {
        const auto& its = dynamic_cast<WebAttackWatcher&>(other);
        m_any_request = m_any_request || its.m_any_request;
        for (const auto& theirs : its.m_visitors)
            if (auto* mine = visitor_at(theirs.address)) mine->add(theirs);
    }

    std::vector<core::Judged> judge(const Summary& /*summary*/) override {
        if (!m_any_request) return {};
        collect();
        core::Judged judged{.subject = "web-attacks"};
        auto& judgement = judged.judgement;
        judgement.measured = core::Measured{.value = m_plain, .unit = "count"};
        judgement.message =
            m_suspects.empty()
                ? "no request that looks like an attack"
                : fmt::format("{} that no visitor makes, of {}; most by {}: {}",
                              core::count_of(m_odd, "request"), addresses(m_suspects.size()),
                              core::text_of(m_suspects.front().address), m_suspects.front().reason);
        judgement.brief = core::count_of(m_odd, "request") + " of scanners";
        judgement.verdict = is_grave() ? core::Verdict::warning : core::Verdict::ok;
        if (is_grave()) judgement.since = m_suspects.front().first;
        std::vector<core::Judged> all{judged};
        if (m_secrets > 0) all.push_back(judge_secrets());
        return all;
    }

    [[nodiscard]] std::vector<Suspect> suspects() const override { return m_suspects; }

  private:
    void see_request(const Event& event, const Request& request) {
        const auto attack = attack_of(request);
        const bool missed = is_miss(request.status);
        const bool has_secret = gives_secret(request);
        auto* visitor = visitor_of(request.client, attack != Attack::none || missed || has_secret);
        if (visitor == nullptr) return;
        ++visitor->requests;
        if (attack != Attack::none) ++visitor->attacks.at(place_of(attack));
        if (missed) {
            ++visitor->missed;
            if (visitor->misses.size() < k_most_misses)
                visitor->misses.insert(hash_of(request.target));
        }
        if (has_secret) ++visitor->secrets;
        if (attack != Attack::none || missed) visitor->times.add(event.time);
    }

    Attack attack_of(const Request& request) {
        m_any_request = true;
        const auto in_headers = attack_in_headers(request);
        if (is_plain(in_headers)) return in_headers;
        if (request.status < 400 && !request.method.empty() && is_harmless(request.target))
            return Attack::none;
        auto attack = attack_in(request);
        // What is there is no probe: a site may have such a page.
        return attack == Attack::probe && request.status < 400 ? Attack::none : attack;
    }

    Attack attack_in(const Request& request) {
        const auto hash = hash_of(request.target) ^ hash_of(request.method);
        if (const auto known = m_targets.find(hash); known != Slots::k_none)
            return static_cast<Attack>(known);
        const auto attack = attack_in_target(request.method, request.target);
        if (m_targets.size() >= k_most_known) m_targets.clear();
        m_targets.insert(hash, static_cast<std::uint32_t>(place_of(attack)));
        return attack;
    }

    Attack attack_in_headers(const Request& request) {
        const auto hash = mix(hash_of(request.agent), hash_of(request.referer) | 1U);
        if (const auto known = m_headers.find(hash); known != Slots::k_none)
            return static_cast<Attack>(known);
        auto attack = attack_in_header(request.agent);
        if (attack == Attack::none) attack = attack_in_header(request.referer);
        if (m_headers.size() >= k_most_known) m_headers.clear();
        m_headers.insert(hash, static_cast<std::uint32_t>(place_of(attack)));
        return attack;
    }

    /// A page that every address leads to (an application of one page) is no secret.
    bool gives_secret(const Request& request) {
        if (request.status != 200) return false;
        if (request.target == "/") m_front_page = request.bytes;
        return request.method == "GET" && !is_harmless(request.target)
               && is_secret_file(request.target)
               && (!request.bytes || (*request.bytes > 0 && request.bytes != m_front_page));
    }

    /// Who has this address, if he did anything odd before or does now; null for others.
    Visitor* visitor_of(std::string_view client, bool is_odd) {
        const auto hash = hash_of(client);
        if (const auto known = m_by_text.find(hash); known != Slots::k_none)
            return &m_visitors[known];
        if (!is_odd) return nullptr;
        const auto address = core::parse_address(client);
        if (!address || !m_policy.may_be_listed(*address)) return nullptr;
        auto* visitor = visitor_at(*address);
        if (visitor == nullptr) return nullptr;
        if (m_by_text.size() >= k_most_known) m_by_text.clear();
        m_by_text.insert(hash, static_cast<std::uint32_t>(visitor - m_visitors.data()));
        return visitor;
    }

    Visitor* visitor_at(const core::Address& address) {
        const auto found = m_numbers.find(address);
        if (found != m_numbers.end()) return &m_visitors[found->second];
        if (m_visitors.size() >= k_most_visitors) return nullptr;
        m_numbers.emplace(address, m_visitors.size());
        return &m_visitors.emplace_back(Visitor{.address = address});
    }

    void collect() {
        m_suspects.clear();
        m_plain = m_odd = m_secrets = m_most_plain = 0;
        for (const auto& visitor : m_visitors) {
            m_secrets += visitor.secrets;
            const auto points = visitor.points();
            if (points < k_enough_points) continue;
            std::int64_t odd = visitor.hunts() ? visitor.missed : 0;
            std::int64_t attacks = 0;
            for (const auto count : visitor.attacks)
                attacks += count;
            odd = std::max(odd, attacks);
            m_odd += odd;
            m_plain += visitor.plain();
            m_most_plain = std::max(m_most_plain, visitor.plain());
            const auto weight = static_cast<double>(points);
            m_suspects.push_back({visitor.address, weight / (weight + 3),
                                  visitor.plain() > 0 ? "web attack" : "scanner", told(visitor),
                                  odd, visitor.times.first, visitor.times.last});
        }
        std::ranges::sort(m_suspects, [](const Suspect& a, const Suspect& b) {
            return std::pair{b.events, a.address} < std::pair{a.events, b.address};
        });
    }

    /// Scanners pass by at every public site; who stays is worth a look.
    [[nodiscard]] bool is_grave() const {
        return m_most_plain >= k_many_attacks || m_plain >= k_many_in_all;
    }

    static std::string addresses(std::size_t count) {
        return fmt::format("{} address{}", count, count == 1 ? "" : "es");
    }

    [[nodiscard]] core::Judged judge_secrets() const {
        core::Judged judged{.subject = "secret-files"};
        auto& judgement = judged.judgement;
        judgement.verdict = core::Verdict::warning;
        judgement.measured = core::Measured{.value = m_secrets, .unit = "count", .warn = 1};
        judgement.message = fmt::format(
            "{} for keys, settings or dumps answered with 200 (\"/.env\", \"/.git\", …)",
            core::count_of(m_secrets, "request"));
        judgement.remediation =
            "ask for such a file yourself: is it that file, or a page? If it is, "
            "change every secret in it";
        return judged;
    }

    Visitors m_policy;
    std::vector<Visitor> m_visitors{};
    std::map<core::Address, std::size_t> m_numbers{};
    Slots m_by_text{};
    Slots m_targets{};
    Slots m_headers{};
    std::optional<std::int64_t> m_front_page{};
    bool m_any_request = false;
    std::vector<Suspect> m_suspects{};
    std::int64_t m_plain = 0;
    std::int64_t m_most_plain = 0;
    std::int64_t m_odd = 0;
    std::int64_t m_secrets = 0;
};

} // namespace

extern const Detector k_web_attacks;
const Detector k_web_attacks{
    {.id = "logs.web-attacks",
     .title = "Attacks on the site",
     .group = "attacks",
     .section = "emergency/security-incident",
     .what =
         "Looks in access logs for requests that no visitor makes: SQL, scripts and commands in "
         "what is sent, paths that leave the site, agents of scanners, software that is not "
         "there; by address.",
     .why = "Who tries doors may find one open.",
     .threshold =
         "Warning for an address with twenty plain attacks, for fifty of all together, and "
         "for a secret file that was handed out. Who only looks for what is not there is "
         "listed among the addresses, and is no news: every public site has that.",
     .remediation = "block the address at the proxy; look at what was answered with 200",
     .reference = "OWASP Web Security Testing Guide 4.2, chapter 4.7"},
    start_watcher<WebAttackWatcher>};

} // namespace logs
