// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "logs/event.hpp"
#include "logs/seen.hpp"
#include "logs/summary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace logs {

/// What whoever kept a log wrote beside a line; what the line itself says is preferred.
struct Told {
    std::optional<core::Time> time{};
    Level level = Level::none;
    std::string_view logger{};
    bool is_entry = false; ///< the line is a whole entry of a log with fields: of a known form
};

/// Takes in the lines of streams.
class Intake {
  public:
    Intake() = default;
    Intake(const Intake&) = delete;
    Intake& operator=(const Intake&) = delete;
    Intake(Intake&&) = delete;
    Intake& operator=(Intake&&) = delete;
    virtual ~Intake() = default;

    [[nodiscard]] virtual Stream add_stream(Source source) = 0;

    /// Takes a line in, without its end.
    virtual void add(Stream stream, std::string_view line, const Told& told) = 0;

    /// Takes in a further line of the entry that the stream's last line began.
    virtual void add_part(Stream stream, std::string_view line) = 0;

    /// Says that of the stream's last lines, so many, only a beginning was handed in.
    virtual void note_cut(Stream stream, std::int64_t lines) = 0;

    /// Says that a stream could not be read, or not to its end; nothing: that it can again.
    virtual void note_problem(Stream stream, std::string why) = 0;
};

} // namespace logs
