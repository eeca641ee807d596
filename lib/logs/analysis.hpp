// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/folding.hpp"
#include "logs/forms/form.hpp"
#include "logs/intake.hpp"
#include "logs/known.hpp"
#include "logs/miner.hpp"
#include "logs/summary.hpp"
#include "logs/visitors.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace logs {

struct AnalysisOptions {
    core::Time now{};
    std::optional<core::Time> since{}; ///< older lines are dropped
    std::optional<core::Time> until{};
    Visitors visitors{};
    bool assignments = false; ///< keep for every line which template it has
};

/// Takes the lines of all streams in and comes to a summary: which form each line has, what belongs
/// together, which template it is, and what the detectors make of it. Every line is counted once:
/// read = parsed + unparsed + dropped.
class Analysis final : public Intake {
  public:
    explicit Analysis(const AnalysisOptions& options);

    [[nodiscard]] const AnalysisOptions& options() const { return m_options; }

    [[nodiscard]] Stream add_stream(Source source) override;

    void add(Stream stream, std::string_view line, const Told& told) override;

    void add(Stream stream, std::string_view line) { add(stream, line, {}); }

    void add_part(Stream stream, std::string_view line) override;

    void note_cut(Stream stream, std::int64_t lines) override { m_sources[stream].cut += lines; }

    void note_problem(Stream stream, std::string why) override {
        m_sources[stream].problem = std::move(why);
    }

    /// Takes in what another analysis of one stream has seen, as if its lines had come after those
    /// of `stream` here. Parts of a log can so be read side by side.
    void absorb(Analysis& other, Stream stream);

    /// Judges all of it. `known`: what earlier runs have seen; null where nothing is remembered.
    [[nodiscard]] Summary finish(const Known* known = nullptr);

  private:
    struct State {
        std::size_t form = 0;     ///< of the last line that had one
        std::uint32_t number = 0; ///< of the last event's template
        bool has_event = false;
        Level level = Level::none;
        std::optional<core::Time> time{};
        std::vector<std::size_t>
            waiting{}; ///< places of a traceback's lines until its outcome comes
        Folding folding{};
    };

    void parse(State& state, std::string_view line, Event& event);
    [[nodiscard]] std::uint32_t marks_of(const Event& event) const;
    void end_traces();
    void take_event(Stream stream, State& state, const Event& event);
    void take_part(Stream stream, State& state, bool waits);
    [[nodiscard]] bool is_outside(const Event& event) const;
    void assign(std::uint32_t number);

    AnalysisOptions m_options;
    FormContext m_context{};
    Miner m_miner;
    std::vector<Source> m_sources{};
    std::vector<State> m_states{};
    std::vector<std::unique_ptr<Watcher>> m_watchers{};
    std::vector<std::uint32_t> m_assigned{}; ///< a number a line
    std::optional<core::Time> m_first{};
    std::optional<core::Time> m_last{};
    std::int64_t m_events = 0;
};

} // namespace logs
