// SPDX-License-Identifier: MIT
#include "net/traffic.hpp"

#include <atomic>

namespace net {
namespace {

std::atomic<std::uint64_t> g_requests{0};

} // namespace

void count_request() {
    g_requests.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t requests_sent() {
    return g_requests.load(std::memory_order_relaxed);
}

} // namespace net
