// SPDX-License-Identifier: MIT
#pragma once

#include "notify/news.hpp"
#include "report/report.hpp"

#include <string>

namespace notify {

/// Returns a few lines for people in a chat: the verdict, what is new and what stands, what to do
/// and who acts, what is over. Plain text, valid UTF-8 without control characters but new lines,
/// at most a screenful.
[[nodiscard]] std::string words_of(const report::Report& report, const News& news);

} // namespace notify
