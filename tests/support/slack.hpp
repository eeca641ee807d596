// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

/// How much later than its deadline a probe may come back in a test. The machine may be busy with
/// other tests, and a sanitizer slows the probe itself down; a probe that waits for its server
/// takes longer still, since the hostile servers hold on until the test is over.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr std::chrono::milliseconds k_slack{20'000};
#else
inline constexpr std::chrono::milliseconds k_slack{4'000};
#endif
