// SPDX-License-Identifier: MIT
#include "logs/block_list.hpp"

#include "core/text.hpp"
#include "core/units.hpp"

#include <fmt/format.h>

#include <chrono>
#include <vector>

namespace logs {
namespace {

constexpr double k_least_to_block = 0.75;
constexpr std::size_t k_most_blocked = 1000;
constexpr auto k_fresh = std::chrono::hours{24};

struct Chosen {
    std::vector<const Suspect*> suspects{};
    std::size_t left_out = 0; ///< beyond the cap
};

Chosen choose(const Summary& summary) {
    Chosen chosen;
    for (const auto& suspect : summary.suspects) {
        if (suspect.score < k_least_to_block) continue;
        if (suspect.last && *suspect.last < summary.end - k_fresh) continue;
        if (chosen.suspects.size() < k_most_blocked)
            chosen.suspects.push_back(&suspect);
        else
            ++chosen.left_out;
    }
    return chosen;
}

std::string heading(const Chosen& chosen, const Summary& summary) {
    auto text =
        fmt::format("# gallery-ops logs, {}: {} suspicious address{}; nothing was applied\n",
                    core::format_utc(summary.end), chosen.suspects.size(),
                    chosen.suspects.size() == 1 ? "" : "es");
    if (chosen.left_out > 0)
        text += fmt::format("# {} more are left out: the list ends at {}\n", chosen.left_out,
                            k_most_blocked);
    return text;
}

std::string plain_list(const Chosen& chosen) {
    std::string text;
    for (const auto* suspect : chosen.suspects)
        text += fmt::format("{} # {}: {}\n", core::text_of(suspect->address), suspect->kind,
                            core::printable(suspect->reason));
    return text;
}

std::string elements(const Chosen& chosen, bool v6) {
    std::vector<std::string> all;
    for (const auto* suspect : chosen.suspects)
        if (suspect->address.v6 == v6)
            all.push_back(core::text_of(suspect->address) + " timeout 24h");
    if (all.empty()) return {};
    return fmt::format("\n    elements = {{ {} }}", core::join(all, ",\n      "));
}

/// The table is made anew: an older list of ours is replaced in one step.
std::string nft_table(const Chosen& chosen) {
    return fmt::format(
        R"(# to apply it: pipe this into nft -f -; to take it back: nft delete table inet gallery_ops_suspicious
table inet gallery_ops_suspicious
delete table inet gallery_ops_suspicious
table inet gallery_ops_suspicious {{
  set v4 {{
    type ipv4_addr
    flags timeout{}
  }}
  set v6 {{
    type ipv6_addr
    flags interval, timeout{}
  }}
  chain prerouting {{
    type filter hook prerouting priority -300; policy accept;
    ip saddr @v4 drop
    ip6 saddr @v6 drop
  }}
}}
)",
        elements(chosen, false), elements(chosen, true));
}

} // namespace

std::string block_list(const Summary& summary, BlockForm form) {
    const auto chosen = choose(summary);
    return heading(chosen, summary)
           + (form == BlockForm::plain ? plain_list(chosen) : nft_table(chosen));
}

} // namespace logs
