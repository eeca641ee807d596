// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/units.hpp"
#include "logs/intake.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace logs {

/// The newest lines of streams that go on: those of a span of time, as far as they fit into some
/// memory. Lines may come in from several threads.
class Window final : public Intake {
  public:
    Window(core::Duration span, std::size_t most_bytes) : m_span(span), m_most_bytes(most_bytes) {}

    [[nodiscard]] Stream add_stream(Source source) override;
    void add(Stream stream, std::string_view line, const Told& told) override;
    void add_part(Stream stream, std::string_view line) override;
    void note_cut(Stream stream, std::int64_t lines) override;
    void note_problem(Stream stream, std::string why) override;

    [[nodiscard]] core::Duration span() const { return m_span; }

    /// Returns how many lines have come in since the beginning.
    [[nodiscard]] std::uint64_t taken() const;

    /// Forgets what is too old, and hands everything else on in the order in which it came.
    /// Returns since when there is no gap, where memory did not suffice for all of the span.
    std::optional<core::Time> pour(Intake& into, core::Time now);

  private:
    struct Record {
        Stream stream = 0;
        core::Time at{}; ///< as told, else when it came in
        std::optional<core::Time> told{};
        Level level = Level::none;
        bool is_entry = false;
        bool is_part = false;
        bool is_cut = false;
        std::string logger{};
        std::string line{};
    };

    void keep(Record record);
    void forget_first();
    [[nodiscard]] static std::size_t size_of(const Record& record);

    core::Duration m_span;
    std::size_t m_most_bytes;
    mutable std::mutex m_mutex{};
    std::vector<Source> m_sources{};
    std::deque<Record> m_records{};
    std::size_t m_bytes = 0;
    std::uint64_t m_taken = 0;
    std::optional<core::Time> m_full_since{}; ///< of the newest line that was too much
};

} // namespace logs
