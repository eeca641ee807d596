// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace logs {

struct Summary;

/// The kinds of messages that earlier runs have seen, and what somebody has acknowledged. Kept as
/// text in the history from one run to the next, in a bounded size.
class Known {
  public:
    /// From how many hours of logs on a kind that was not seen before is news.
    static constexpr std::size_t k_enough_hours = 24;

    struct Kind {
        std::string text{};                       ///< the template as a report shows it
        std::int64_t first = 0;                   ///< hours since 1970
        std::int64_t last = 0;                    ///< likewise
        std::optional<core::Time> acknowledged{}; ///< until then
    };

    /// Reads what `to_text` wrote; what it can't read is left out.
    [[nodiscard]] static Known parse(std::string_view text);

    [[nodiscard]] std::string to_text() const;

    /// Says of each template whether it is new, since when it is known and until when it is
    /// acknowledged. Before there are enough hours nothing is new.
    void mark(Summary& summary) const;

    /// Takes in what a run saw. The hours count only of a run that looked at everything.
    void learn(const Summary& summary, bool everything);

    /// Acknowledges a kind until then, whether it is known or not.
    void acknowledge(std::string_view id, core::Time until);

    [[nodiscard]] bool has(std::string_view id) const { return m_kinds.contains(id); }

    [[nodiscard]] std::size_t hours() const { return m_hours.size(); }

  private:
    void forget_oldest();

    std::map<std::string, Kind, std::less<>> m_kinds{}; ///< by id
    std::set<std::int64_t> m_hours{};                   ///< that were looked at, since 1970
};

/// Returns whether two templates say the same: the words are equal but where one has "<*>".
[[nodiscard]] bool is_same_kind(std::string_view one, std::string_view other);

} // namespace logs
