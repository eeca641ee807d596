// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/judged.hpp"
#include "logs/course.hpp"
#include "logs/miner.hpp"
#include "logs/suspect.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace logs {

/// How many of something.
struct Count {
    std::int64_t count = 0;

    void add(const Count& other) { count += other.count; }
};

/// Where lines come from, and what became of them.
struct Source {
    std::string service{};     ///< of the gallery; for a file its name without what rotation adds
    std::string name{};        ///< the container, or the file's path
    std::string again{};       ///< what `gallery-ops logs` takes to read it alone: "--service api"
    std::string problem{};     ///< why it could not be read, or not to its end
    std::int64_t read = 0;     ///< lines: read = parsed + unparsed + dropped
    std::int64_t parsed = 0;   ///< of a known form, or a part of the event before
    std::int64_t unparsed = 0; ///< taken as plain text
    std::int64_t dropped = 0;  ///< blank, binary, or outside of the time asked for
    std::int64_t binary = 0;   ///< of those dropped
    std::int64_t cut = 0;      ///< longer than what was looked at
    std::int64_t bytes = 0;
    bool is_live = false;   ///< what it says now is in it: a running container, not a file
    Course<Count> course{}; ///< how many events when

    /// Adds what became of another one's lines.
    void add_lines(const Source& other);
};

/// A line whose template is not known: blank, binary or outside of the time asked for.
inline constexpr std::uint32_t k_no_template = UINT32_MAX - 7;

/// What all lines together came to.
struct Summary {
    std::vector<Source> sources{};
    Mined mined{};
    std::int64_t events = 0;
    std::size_t known_hours = 0; ///< of logs that earlier runs have looked at
    std::optional<core::Time> first{};
    std::optional<core::Time> last{};
    core::Time end{};                      ///< of what was asked for: `until`, or now
    std::vector<std::uint32_t> assigned{}; ///< a template's place a line, where asked for
    std::vector<core::Finding> findings{}; ///< of every detector
    std::vector<Suspect> suspects{};       ///< most certain first
};

/// Returns the command that reads the logs of a service alone.
[[nodiscard]] std::string command_for(const Summary& summary, const std::string& service);

} // namespace logs
