// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace logs {

/// How something went over time, in at most `most` slices of the same width: it begins with slices
/// of a second, and doubles their width whenever there would be more. `Slice` is anything that
/// begins empty and has `add(const Slice&)`.
template <class Slice>
class Course {
  public:
    explicit Course(std::int64_t most = 32) : m_most(most) {}

    /// Returns the slice that the time falls into.
    Slice& at(core::Time time) {
        auto number = number_of(time);
        while (!has_room_for(number)) {
            double_width();
            number = number_of(time);
        }
        return slice(number);
    }

    /// Joins another one, as if this one had seen all of it.
    void add(const Course& other) {
        while (m_width < other.m_width)
            double_width();
        for (std::size_t i = 0; i < other.m_slices.size(); ++i)
            at(other.begin_of(i)).add(other.m_slices[i]);
    }

    [[nodiscard]] std::chrono::seconds width() const { return std::chrono::seconds{m_width}; }

    /// The slices from the first to the last, oldest first; some may be empty.
    [[nodiscard]] const std::vector<Slice>& slices() const { return m_slices; }

    [[nodiscard]] core::Time begin_of(std::size_t place) const {
        return core::Time{
            std::chrono::seconds{(m_first + static_cast<std::int64_t>(place)) * m_width}};
    }

  private:
    [[nodiscard]] std::int64_t number_of(core::Time time) const {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
        return divided_down(seconds.count(), m_width);
    }

    static std::int64_t divided_down(std::int64_t value, std::int64_t width) {
        return value >= 0 ? value / width : -((-value + width - 1) / width);
    }

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(m_slices.size()); }

    [[nodiscard]] bool has_room_for(std::int64_t number) const {
        return m_slices.empty()
               || std::max(number, m_first + size() - 1) - std::min(number, m_first) < m_most;
    }

    Slice& slice(std::int64_t number) {
        if (m_slices.empty()) m_first = number;
        if (number < m_first) {
            m_slices.insert(m_slices.begin(), static_cast<std::size_t>(m_first - number), Slice{});
            m_first = number;
        }
        const auto place = static_cast<std::size_t>(number - m_first);
        if (place >= m_slices.size()) m_slices.resize(place + 1);
        return m_slices[place];
    }

    void double_width() {
        const auto old = std::exchange(m_slices, {});
        const auto first = m_first;
        m_width *= 2;
        for (std::size_t i = 0; i < old.size(); ++i)
            slice(divided_down(first + static_cast<std::int64_t>(i), 2)).add(old[i]);
    }

    std::int64_t m_most;
    std::int64_t m_width = 1; ///< seconds
    std::int64_t m_first = 0; ///< number of the first slice, in widths since the epoch
    std::vector<Slice> m_slices{};
};

} // namespace logs
