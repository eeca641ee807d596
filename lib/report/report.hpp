// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/finding.hpp"
#include "core/verdict.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace report {

/// A cell of a table: text, a number or nothing.
using Cell = std::variant<std::monostate, std::string, double, std::int64_t>;

struct Table {
    std::vector<std::string> columns{};
    std::vector<std::vector<Cell>> rows{};
};

/// A measured series; times in UTC.
struct Series {
    std::string unit{};
    std::vector<std::pair<core::Time, double>> points{};
};

struct TimelineEvent {
    core::Time time{};
    std::string phase{};
    std::string event{};
    std::string target{};
};

struct Timeline {
    std::vector<TimelineEvent> events{};
};

struct Pairs {
    std::vector<std::pair<std::string, Cell>> items{};
};

struct Text {
    std::string text{};
};

/// A typed part of a report. A renderer knows these kinds and never a command.
struct Block {
    std::string id{};
    std::string title{};
    std::variant<Table, Series, Timeline, Pairs, Text> content{};
    bool verbose = false; ///< the text format shows it only with -v
};

/// The one value that every command ends in and every renderer starts from.
struct Report {
    std::string command{};
    std::string project{};
    std::string host{};   ///< where the observer ran
    std::string run_id{}; ///< unique, sorts by time
    std::string scope{};  ///< what was looked at, for the first line: "14 services on 1 host"
    core::Time started_at{};
    std::chrono::milliseconds duration{};
    bool interrupted = false;
    std::optional<core::Time> shown_at{}; ///< times are shown relative to it, not to now: a replay
    bool narrowed = false; ///< the command line asked for a part only: what is missing says nothing
    std::vector<core::Finding> findings{};
    std::vector<Block> details{};
    std::vector<std::string>
        notes{}; ///< things to know that are no finding ("2 services run an older image")
};

/// Returns how many findings ended in each verdict.
[[nodiscard]] core::Summary summarise(const Report& report);

/// Returns the report's verdict: the worst of its findings, unknown when there are none.
[[nodiscard]] core::Verdict verdict(const Report& report);

} // namespace report
