// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "net/http.hpp"
#include "notify/news.hpp"
#include "report/render.hpp"
#include "report/report.hpp"

namespace notify {

/// Returns the call of a webhook: a POST of JSON with `text` (for chats that show that), `verdict`,
/// `project`, `host`, `fresh` and `over` (ids), and the whole `report` (gallery-ops/report/1).
[[nodiscard]] net::HttpRequest webhook_request(const config::Webhook& hook,
                                               const report::Report& report, const News& news,
                                               const report::RenderOptions& options);

/// Returns the call of a dead man's switch, a GET: of its fail_url, where it has one and the run's
/// exit code is not 0, else of its url.
[[nodiscard]] net::HttpRequest ping_request(const config::Ping& ping, int exit_code);

/// Returns the call of an Alertmanager: each problem, and what was told and may still stand, is an
/// alert that stands for `keep` unless a later run renews it; what is over ends now. What came from
/// the Alertmanager itself is left out. Source: Alertmanager's OpenAPI, POST /api/v2/alerts.
[[nodiscard]] net::HttpRequest alerts_request(const config::Monitor& server,
                                              const report::Report& report, const News& news,
                                              core::Duration keep);

} // namespace notify
