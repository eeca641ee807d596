// SPDX-License-Identifier: MIT
#pragma once

#include "facts/past.hpp"
#include "history/database.hpp"
#include "report/report.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace history {

/// Whose runs belong together: only these are compared with each other.
struct Scope {
    std::string command{};
    std::string project{};
    std::string host{};

    bool operator==(const Scope&) const = default;
};

/// Which runs are meant; an empty field means any.
using Filter = Scope;

/// A run without its findings.
struct Run {
    std::int64_t key = 0; ///< of the file; grows with time of writing
    std::string run_id{};
    Scope scope{};
    core::Time started_at{};
    std::chrono::milliseconds duration{};
    core::Verdict verdict = core::Verdict::unknown;
    core::Summary summary{};
    bool interrupted = false;
    bool narrowed = false;
    std::string looked_at{}; ///< the report's scope: "14 services on 1 host"
    std::string tool{};      ///< version that wrote it

    /// Whether a finding that it lacks was not there, rather than not looked for.
    [[nodiscard]] bool complete() const { return !interrupted && !narrowed; }
};

/// One finding in one run.
struct Point {
    core::Time time{};
    core::Verdict verdict = core::Verdict::unknown;
    std::optional<double> value{};
    std::string unit{};
    std::string message{};
};

struct Trend {
    Scope scope{};
    std::vector<Point> points{};
};

struct Totals {
    std::int64_t runs = 0;
    std::int64_t scopes = 0;
    std::int64_t bytes = 0; ///< of the file
    core::Time oldest{};
};

/// How much is kept without being asked; the oldest go first.
struct Retention {
    std::chrono::hours runs{24 * 90};     ///< whole runs; the same for samples
    std::int64_t most_runs = 20'000;      ///< about 250 MB of a gallery of 15 services
    std::chrono::hours window{24 * 7};    ///< what `facts::Standing::problems` counts over
    std::chrono::minutes sample_slot{15}; ///< one sample of a finding is kept for each
};

/// The history of runs in one file of SQLite. Every call ends by the deadline of the limits it was
/// opened with; none throws. Several processes may use one file at once.
class Store {
  public:
    /// As `Database::open`.
    [[nodiscard]] static core::Result<Store> open(const std::filesystem::path& file, Access access,
                                                  const Limits& limits,
                                                  const Retention& retention = {});

    Store(Store&&) noexcept;
    Store& operator=(Store&&) = delete;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store();

    /// Writes a run with its findings, all of it or nothing, and removes a few of the oldest that
    /// are over the retention. A run that is there already is left as it is.
    [[nodiscard]] core::Result<void> record(const report::Report& report, std::string_view version);

    /// Returns what the judges and `report::note_recurrence` need of the runs before `now`; series
    /// only of the findings whose id begins with one of `families`. Reads by an index, a bounded
    /// number of rows however many runs there are.
    [[nodiscard]] core::Result<facts::Past> past(const Scope& scope, core::Time now,
                                                 std::span<const std::string_view> families) const;

    /// Returns the runs that were written last, the last first: a clock that was once ahead makes
    /// no run the last one.
    [[nodiscard]] core::Result<std::vector<Run>> runs(const Filter& filter,
                                                      std::size_t limit) const;

    /// Returns the run as the report that was stored.
    [[nodiscard]] core::Result<report::Report> report_of(const Run& run) const;

    /// Returns the ids of all findings ever seen in these runs, sorted.
    [[nodiscard]] core::Result<std::vector<std::string>> findings(const Filter& filter) const;

    /// Returns one finding through the last `limit` runs that have it, in the order in which they
    /// were written; of the
    /// scope that had it last when it is in several.
    [[nodiscard]] core::Result<Trend> trend(const Filter& filter, std::string_view id,
                                            std::size_t limit) const;

    /// Deletes every run that began before `before`, with its findings; returns how many.
    [[nodiscard]] core::Result<std::int64_t> prune(core::Time before);

    [[nodiscard]] core::Result<Totals> totals(const Filter& filter) const;

    /// Keeps `value` under `name`, in place of what was kept there: what one run hands to the next.
    [[nodiscard]] core::Result<void> keep(std::string_view name, std::string_view value);

    /// Returns what is kept under `name`; nothing when nothing is.
    [[nodiscard]] core::Result<std::optional<std::string>> kept(std::string_view name) const;

  private:
    struct Impl;
    explicit Store(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

} // namespace history
