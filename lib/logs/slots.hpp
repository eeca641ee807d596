// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace logs {

/// Finds the number that belongs to a hash, which is looked for once a log line: one array, linear
/// probing, at most half full.
class Slots {
  public:
    static constexpr std::uint32_t k_none = UINT32_MAX;

    [[nodiscard]] std::uint32_t find(std::uint64_t hash) const {
        if (m_entries.empty()) return k_none;
        for (std::size_t i = place(hash);; i = next(i)) {
            const auto& entry = m_entries[i];
            if (entry.number == k_none || entry.hash == hash) return entry.number;
        }
    }

    void insert(std::uint64_t hash, std::uint32_t number) {
        if ((m_used + 1) * 2 > m_entries.size()) grow();
        std::size_t i = place(hash);
        while (m_entries[i].number != k_none && m_entries[i].hash != hash)
            i = next(i);
        if (m_entries[i].number == k_none) ++m_used;
        m_entries[i] = {hash, number};
    }

    void clear() {
        m_entries.clear();
        m_used = 0;
    }

    [[nodiscard]] std::size_t size() const { return m_used; }

  private:
    struct Entry {
        std::uint64_t hash = 0;
        std::uint32_t number = k_none;
    };

    [[nodiscard]] std::size_t place(std::uint64_t hash) const {
        return static_cast<std::size_t>(hash ^ hash >> 32U) & (m_entries.size() - 1);
    }

    [[nodiscard]] std::size_t next(std::size_t i) const { return (i + 1) & (m_entries.size() - 1); }

    void grow() {
        std::vector<Entry> old(m_entries.empty() ? 1024 : m_entries.size() * 2);
        old.swap(m_entries);
        m_used = 0;
        for (const auto& entry : old)
            if (entry.number != k_none) insert(entry.hash, entry.number);
    }

    std::vector<Entry> m_entries{};
    std::size_t m_used = 0;
};

} // namespace logs
