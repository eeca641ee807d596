// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace support {

/// Calls `work` with 0, 1, … `count - 1`, at most `workers` at a time.
template <class Work>
void side_by_side(std::size_t count, std::size_t workers, Work work) {
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(workers, count); ++i) {
        threads.emplace_back([&] {
            for (std::size_t mine = next++; mine < count; mine = next++)
                work(mine);
        });
    }
}

} // namespace support
