// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"
#include "logs/scanner.hpp"
#include "logs/seen.hpp"
#include "logs/shape.hpp"
#include "logs/slots.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace logs {

/// A kind of message: what its occurrences have in common.
struct Template {
    std::string id{};      ///< "T7f3a21": of its text, so that it is the same in every run
    std::string text{};    ///< "Failed password for <name> from <ip>"
    std::string example{}; ///< the first message, cut at 1 KiB
    Seen seen{};
    bool is_new = false;                      ///< no earlier run has seen it (lib/logs/known.hpp)
    std::optional<core::Time> known_since{};  ///< the hour when an earlier run first saw it
    std::optional<core::Time> acknowledged{}; ///< somebody knows of it; until then it is no finding
};

/// What the messages came to.
struct Mined {
    std::vector<Template> templates{}; ///< most frequent first
    Seen other{};                      ///< messages too rare to be kept, where there were too many
    /// For each number that `add` returned; only with Numbers::keep. `k_other` for the rare ones.
    std::vector<std::uint32_t> template_of{};

    static constexpr std::uint32_t k_other = UINT32_MAX;
};

/// Whether the numbers that `add` returns are to hold to the end, which takes memory for each
/// distinct message.
enum class Numbers : std::uint8_t { forget, keep };

/// Where a message came to.
struct Placed {
    std::uint32_t number = 0;       ///< of its shape, for `Mined::template_of`
    bool is_new = false;            ///< the first of its shape
    std::uint32_t* marks = nullptr; ///< of its shape, kept until the end; never null
};

/// Groups messages into templates.
///
/// Every message is masked and split by a Scanner; each distinct shape is kept once and counted. At
/// the end, and whenever there are too many, shapes that differ in one word become one template
/// (lib/logs/cluster.hpp). Where that leaves too many, the rarest are counted as "other".
class Miner {
  public:
    /// `most_shapes`: how many distinct shapes are kept; each takes one or two KiB.
    explicit Miner(Numbers numbers = Numbers::forget, std::size_t most_shapes = 16'384)
        : m_numbers(numbers), m_most(most_shapes) {}

    /// Takes the event's message in. The marks may be set until the next call.
    Placed add(const Event& event, Stream stream);

    /// Takes in what another one has, as if its messages had come after those of this one, all from
    /// `stream`. Returns which number here each of its numbers is.
    std::vector<std::uint32_t> absorb(Miner& other, Stream stream);

    [[nodiscard]] Mined finish();

  private:
    [[nodiscard]] std::uint32_t find_merged(std::uint64_t hash,
                                            std::span<const Token> tokens) const;
    [[nodiscard]] std::uint32_t root_of(std::uint32_t number) const;
    void make_room();
    void drop_rarest();
    void forget_numbers();

    Numbers m_numbers;
    std::size_t m_most;
    Scanner m_scanner{};
    Slots m_slots{};
    std::vector<Shape> m_shapes{};
    Seen m_other{};
    std::uint32_t m_other_marks = 0;
    std::size_t m_open = 0; ///< shapes that stand for themselves
};

} // namespace logs
