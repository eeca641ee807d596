// SPDX-License-Identifier: MIT
#include "core/address.hpp"
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/detectors/sign_in_failure.hpp"
#include "logs/hash.hpp"
#include "logs/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace logs {
namespace {

constexpr std::size_t k_most_addresses = 100'000;
constexpr std::size_t k_most_accounts = 512;
constexpr std::size_t k_most_told = 5;
constexpr std::int64_t k_many_failures = 10;
constexpr std::int64_t k_spread_failures = 50;
constexpr std::size_t k_spread_addresses = 20;

/// What one address tried.
struct Tries {
    std::array<std::int64_t, k_tellers> failures{};
    std::int64_t successes = 0;
    std::set<std::uint64_t> accounts{}; ///< their hashes
    std::optional<core::Time> first{};
    std::optional<core::Time> last{};

    [[nodiscard]] std::int64_t by(Teller teller) const {
        return failures.at(static_cast<std::size_t>(std::to_underlying(teller)));
    }

    void add(const Tries& later) {
        for (std::size_t i = 0; i < failures.size(); ++i)
            failures.at(i) += later.failures.at(i);
        successes += later.successes;
        for (const auto account : later.accounts)
            if (accounts.size() < k_most_accounts) accounts.insert(account);
        if (!first) first = later.first;
        if (later.last) last = later.last;
    }

    /// The same failure is told by several: the most that one told counts.
    [[nodiscard]] std::int64_t failed() const { return *std::ranges::max_element(failures); }
};

/// Of a server's shell: nobody mistypes the address of a server, but people do mistype passwords.
bool attacks_shell(const Tries& tries) {
    const auto failed = std::max(
        {tries.by(Teller::password), tries.by(Teller::invalid_user), tries.by(Teller::pam)});
    if (failed == 0) return false;
    if (tries.successes > 0) return failed >= k_many_failures && failed > 5 * tries.successes;
    return failed >= 5 || tries.by(Teller::invalid_user) >= 2
           || (failed >= 3 && tries.accounts.size() >= 2);
}

bool attacks_site(const Tries& tries) {
    const auto failed = std::max(tries.by(Teller::request), tries.by(Teller::application));
    return failed >= k_many_failures && failed > 4 * tries.successes;
}

std::string told(const Tries& tries) {
    const auto accounts = std::ssize(tries.accounts);
    auto text = core::count_of(tries.failed(), "failed sign-in");
    if (accounts > 1) text += fmt::format(" over {}", core::count_of(accounts, "account"));
    return text;
}

class SignInWatcher : public Watcher {
  public:
    explicit SignInWatcher(const Visitors& visitors) : m_policy(visitors) {}

    [[nodiscard]] bool wants_requests() const override { return true; }

    [[nodiscard]] bool wants(const Event& event) const override {
        return sign_in_failure(event) || !signed_in_from(event).empty();
    }

    void see(const Event& event, Stream /*stream*/) override {
        if (const auto failure = sign_in_failure(event)) {
            add(event, *failure);
        } else if (const auto client = signed_in_from(event); !client.empty()) {
            if (const auto address = core::parse_address(client))
                if (auto* tries = tries_of(*address)) ++tries->successes;
            ++m_successes;
        }
    }

    void absorb(Watcher& other, Stream /*stream*/) override {
        auto& its = dynamic_cast<SignInWatcher&>(other);
        for (const auto& [address, tries] : its.m_tries)
            if (auto* mine = tries_of(address)) mine->add(tries);
        m_accounts.merge(its.m_accounts);
        m_successes += its.m_successes;
        m_without_address += its.m_without_address;
    }

    std::vector<core::Judged> judge(const Summary& /*summary*/) override {
        collect();
        core::Judged judged{.subject = "sign-in"};
        auto& judgement = judged.judgement;
        std::int64_t failed = m_without_address;
        for (const auto& [address, tries] : m_tries)
            failed += tries.failed();
        judgement.measured = core::Measured{.value = failed, .unit = "count"};
        judgement.verdict = core::Verdict::warning;
        if (!m_suspects.empty()) {
            judgement.message = fmt::format("{} from {}", m_suspects.front().reason,
                                            core::text_of(m_suspects.front().address));
            if (m_suspects.size() > 1)
                judgement.message +=
                    fmt::format("; {} more", core::count_of(std::ssize(m_suspects) - 1, "address"));
            judgement.since = m_suspects.front().first;
            for (const auto& suspect : m_suspects) {
                if (judgement.evidence.size() == k_most_told) break;
                judgement.evidence.push_back(
                    {"address",
                     fmt::format("{}  {}", core::text_of(suspect.address), suspect.reason)});
            }
        } else if (is_spread()) {
            judgement.message = fmt::format("{} from {} over {}: credential stuffing",
                                            core::count_of(failed, "failed sign-in"),
                                            core::count_of(std::ssize(m_tries), "address"),
                                            core::count_of(std::ssize(m_accounts), "account"));
        } else if (m_without_address >= k_spread_failures) {
            judgement.message =
                core::count_of(m_without_address, "failed sign-in") + " without an address";
        } else {
            judgement.verdict = core::Verdict::ok;
            judgement.message = judgement.brief = core::count_of(failed, "failed sign-in");
        }
        return {judged};
    }

    [[nodiscard]] std::vector<Suspect> suspects() const override { return m_suspects; }

  private:
    Tries* tries_of(const core::Address& address) {
        const auto found = m_tries.find(address);
        if (found != m_tries.end()) return &found->second;
        return m_tries.size() < k_most_addresses ? &m_tries[address] : nullptr;
    }

    void add(const Event& event, const SignInFailure& failure) {
        const auto account = hash_of(failure.account);
        const bool named = !failure.account.empty();
        if (named && m_accounts.size() < k_most_accounts) m_accounts.insert(account);
        const auto address = core::parse_address(failure.client);
        auto* tries = address && m_policy.may_be_listed(*address) ? tries_of(*address) : nullptr;
        if (tries == nullptr) {
            // What a proxy's own address failed, the proxy tells with the visitor's.
            if (!address) m_without_address += failure.times;
            return;
        }
        tries->failures.at(static_cast<std::size_t>(std::to_underlying(failure.teller))) +=
            failure.times;
        if (named && tries->accounts.size() < k_most_accounts) tries->accounts.insert(account);
        if (!event.time) return;
        if (!tries->first) tries->first = event.time;
        tries->last = event.time;
    }

    void collect() {
        m_suspects.clear();
        for (const auto& [address, tries] : m_tries) {
            const bool shell = attacks_shell(tries);
            if (!shell && !attacks_site(tries)) continue;
            const bool stuffing = !shell && tries.accounts.size() >= 5;
            const auto failed = static_cast<double>(tries.failed());
            m_suspects.push_back({address, failed / (failed + 3), "sign-in",
                                  told(tries) + (stuffing ? ": credential stuffing" : ""),
                                  tries.failed(), tries.first, tries.last});
        }
        std::ranges::sort(m_suspects, [](const Suspect& a, const Suspect& b) {
            return std::pair{b.events, a.address} < std::pair{a.events, b.address};
        });
    }

    [[nodiscard]] bool is_spread() const {
        std::int64_t failed = 0;
        for (const auto& [address, tries] : m_tries)
            failed += tries.failed();
        return failed >= k_spread_failures && m_tries.size() >= k_spread_addresses
               && m_accounts.size() >= k_spread_addresses && failed > 2 * m_successes;
    }

    Visitors m_policy;
    std::map<core::Address, Tries> m_tries{};
    std::set<std::uint64_t> m_accounts{};
    std::vector<Suspect> m_suspects{};
    std::int64_t m_successes = 0;
    std::int64_t m_without_address = 0;
};

} // namespace

extern const Detector k_sign_ins;
const Detector k_sign_ins{
    {.id = "logs.sign-in",
     .title = "Failed sign-ins",
     .group = "sign-in",
     .section = "emergency/security-incident",
     .what = "Counts sign-ins that failed, by address and account: of sshd and PAM, of a web "
             "application and its proxy, of Postgres.",
     .why = "Passwords that leaked elsewhere are tried here.",
     .threshold =
         "Warning for an address with ten failures and few successes on the site, with five "
         "and no success at a shell (two for users that do not exist), and for fifty "
         "failures that are spread over twenty addresses and accounts. Private addresses "
         "are never named.",
     .remediation = "block the address at the proxy; reset the accounts that it got into",
     .reference = "OWASP, Credential Stuffing Prevention; OpenSSH, auth.c"},
    start_watcher<SignInWatcher>};

} // namespace logs
