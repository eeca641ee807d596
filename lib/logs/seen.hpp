// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

namespace logs {

/// Number of a stream (a container, a file) among the sources of a run.
using Stream = std::uint16_t;

/// When, where and how often a kind of message was seen.
struct Seen {
    std::int64_t count = 0;
    std::optional<core::Time> first{};
    std::optional<core::Time> last{};
    Level worst = Level::none;
    std::map<Stream, std::int64_t> streams{};

    void add(const Event& event, Stream stream) {
        ++count;
        ++streams[stream];
        worst = std::max(worst, event.level);
        if (!event.time) return;
        if (!first || *event.time < *first) first = event.time;
        if (!last || *event.time > *last) last = event.time;
    }

    void add(const Seen& other) {
        count += other.count;
        worst = std::max(worst, other.worst);
        for (const auto& [stream, many] : other.streams)
            streams[stream] += many;
        if (other.first && (!first || *other.first < *first)) first = other.first;
        if (other.last && (!last || *other.last > *last)) last = other.last;
    }
};

} // namespace logs
