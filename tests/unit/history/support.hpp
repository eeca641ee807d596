// SPDX-License-Identifier: MIT
#pragma once

#include "history/store.hpp"
#include "report/report.hpp"
#include "support/catch.hpp"
#include "support/slack.hpp"
#include "unit/config/temp_folder.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

/// Runs to be stored.
namespace past {

using namespace std::chrono_literals;
using core::Verdict;

inline const core::Time k_start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 8h;
inline const history::Scope k_gallery{"health", "gallery", "ops-1"};

inline core::Finding finding(std::string id, Verdict verdict, double value = 1,
                             std::string unit = "s") {
    core::Finding made;
    made.id = std::move(id);
    made.title = "A check";
    made.group = "endpoints";
    made.subject = "web";
    made.component = "frontend";
    made.verdict = verdict;
    made.message = "it is " + std::string{core::name(verdict)};
    made.measured = core::Measured{.value = value, .unit = std::move(unit)};
    made.duration = 12ms;
    return made;
}

inline report::Report run_at(core::Time time, std::vector<core::Finding> findings) {
    static int count = 0;
    report::Report made;
    made.command = k_gallery.command;
    made.project = k_gallery.project;
    made.host = k_gallery.host;
    made.run_id = core::format_utc(time) + "-" + std::to_string(++count);
    made.scope = "1 service on 1 host";
    made.started_at = time;
    made.duration = 184ms;
    made.findings = std::move(findings);
    return made;
}

/// A run with one finding.
inline report::Report run_at(core::Time time, Verdict verdict) {
    return run_at(time, {finding("health.http.web", verdict)});
}

inline history::Limits limits(std::chrono::milliseconds span = 20s) {
    return {core::Deadline::after(span), {}};
}

inline history::Store open(const std::filesystem::path& file,
                           history::Access access = history::Access::write,
                           const history::Retention& retention = {}) {
    auto store = history::Store::open(file, access, limits(), retention);
    if (!store) FAIL(core::describe(store.error()));
    return *std::move(store);
}

template <class T>
T must(core::Result<T> result) {
    if (!result) FAIL(core::describe(result.error()));
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}

inline facts::Past recall(const history::Store& store, core::Time now) {
    static constexpr std::array<std::string_view, 1> k_families{"health.http."};
    return must(store.past(k_gallery, now, k_families));
}

inline std::size_t count_runs(const std::filesystem::path& file) {
    return must(open(file, history::Access::read).runs({}, 1'000'000)).size();
}

} // namespace past
