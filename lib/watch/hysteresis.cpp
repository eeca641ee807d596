// SPDX-License-Identifier: MIT
#include "watch/hysteresis.hpp"

#include "report/arrange.hpp"

#include <algorithm>

namespace watch {
namespace {

using core::Verdict;

std::optional<Verdict> looked_at(Verdict verdict) {
    return verdict == Verdict::skipped ? std::nullopt : std::optional{verdict};
}

} // namespace

std::vector<Change> Hysteresis::take(const report::Report& report, core::Time now,
                                     Missing missing) {
    if (++m_looks == 1) {
        begin(report, now);
        return initial_state(report);
    }
    std::vector<Change> changes;
    for (const auto* finding : in_order(report)) {
        auto& track = m_tracks[finding->id];
        track.last = *finding;
        track.visit = m_looks;
        if (auto change = update(track, looked_at(finding->verdict), now))
            changes.push_back(std::move(*change));
    }
    if (missing == Missing::gone) update_missing(changes, now);
    return changes;
}

void Hysteresis::begin(const report::Report& report, core::Time now) {
    for (const auto* finding : in_order(report)) {
        auto& track = m_tracks[finding->id];
        track.seen = track.told = looked_at(finding->verdict);
        track.told_at = now;
        track.looks = m_patience.looks;
        track.last = *finding;
        track.visit = m_looks;
    }
}

/// What is well and vanishes is worth one line for all of it: somebody took the gallery down.
void Hysteresis::update_missing(std::vector<Change>& changes, core::Time now) {
    Change vanished;
    vanished.kind = ChangeKind::gone;
    vanished.before = Verdict::ok;
    for (auto at = m_tracks.begin(); at != m_tracks.end();) {
        auto& track = at->second;
        if (track.visit == m_looks) {
            ++at;
            continue;
        }
        const bool was_well = track.told == Verdict::ok && !track.flapping;
        auto change = update(track, {}, now);
        if (change) {
            changes.push_back(std::move(*change));
        } else if (was_well && !track.told) {
            if (vanished.others.empty()) vanished.finding = track.last;
            vanished.others.push_back(report::label(track.last));
        }
        const bool done = !track.told && !track.seen && !track.flapping;
        at = done ? m_tracks.erase(at) : std::next(at);
    }
    if (!vanished.others.empty()) changes.push_back(std::move(vanished));
}

std::optional<Change> Hysteresis::update(Track& track, std::optional<Verdict> verdict,
                                         core::Time now) {
    if (track.looks == 0 || verdict != track.seen) {
        // A finding that is met for the first time has not changed.
        if (track.looks > 0) track.changes.push_back(now);
        track.seen = verdict;
        track.looks = 0;
    }
    track.looks = std::min(track.looks + 1, m_patience.looks);
    while (!track.changes.empty() && track.changes.front() + m_patience.window <= now)
        track.changes.pop_front();
    // Only the last ones count, however long the clock stands still.
    while (std::ssize(track.changes) > m_patience.flaps)
        track.changes.pop_front();

    if (track.flapping || std::ssize(track.changes) >= m_patience.flaps) return flap(track, now);
    if (track.looks < m_patience.looks || track.seen == track.told) return std::nullopt;
    const auto kind = kind_of(track.told, track.seen);
    if (kind) return told(track, *kind, now);
    track.told = track.seen; // from absent to well, or back: nothing to tell
    track.told_at = now;
    return std::nullopt;
}

std::optional<Change> Hysteresis::flap(Track& track, core::Time now) {
    if (!track.flapping) {
        track.flapping = true;
        Change change;
        change.kind = ChangeKind::flapping;
        change.finding = track.last;
        change.before = track.told;
        change.before_from = track.told_at;
        change.count = static_cast<int>(track.changes.size());
        change.window = m_patience.window;
        return change;
    }
    const bool calm = track.changes.empty() || track.changes.back() + m_patience.window / 2 <= now;
    if (!calm) return std::nullopt;
    track.flapping = false;
    track.changes.clear();
    return told(track, ChangeKind::settled, now);
}

Change Hysteresis::told(Track& track, ChangeKind kind, core::Time now) const {
    Change change;
    change.kind = kind;
    change.finding = track.last;
    change.before = track.told;
    if (track.told) change.before_from = track.told_at;
    track.told = track.seen;
    track.told_at = now;
    return change;
}

} // namespace watch
