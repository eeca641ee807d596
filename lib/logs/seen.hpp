// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace logs {

/// Number of a stream (a container, a file) among the sources of a run.
using Stream = std::uint16_t;

/// When, where and how often a kind of message was seen.
struct Seen {
    std::int64_t count = 0;
    std::optional<core::Time> first{};
    std::optional<core::Time> last{};
    Level worst = Level::none;
    std::vector<std::pair<Stream, std::int64_t>> streams{}; ///< how often in each

    void add(const Event& event, Stream stream) {
        ++count;
        add_to(stream, 1);
        worst = std::max(worst, event.level);
        if (!event.time) return;
        if (!first || *event.time < *first) first = event.time;
        if (!last || *event.time > *last) last = event.time;
    }

    void add(const Seen& other) {
        count += other.count;
        worst = std::max(worst, other.worst);
        for (const auto& [stream, many] : other.streams)
            add_to(stream, many);
        if (other.first && (!first || *other.first < *first)) first = other.first;
        if (other.last && (!last || *other.last > *last)) last = other.last;
    }

    /// Calls its streams by other numbers.
    void rename(Stream from, Stream to) {
        for (auto& [stream, many] : streams)
            if (stream == from) stream = to;
    }

  private:
    /// Nearly always there is one stream, or it is the last one.
    void add_to(Stream stream, std::int64_t many) {
        const auto found =
            std::ranges::find(streams, stream, &std::pair<Stream, std::int64_t>::first);
        if (found != streams.end())
            found->second += many;
        else
            streams.emplace_back(stream, many);
    }
};

} // namespace logs
