// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/alertmanager.hpp"
#include "facts/prometheus.hpp"

#include <stop_token>
#include <string>

namespace probe {

/// Asks Prometheus whether it is ready, for its active targets, rules with errors, the gallery's
/// error rates over five minutes, the GAN's p95 generation time and queue depth. Source: Prometheus
/// HTTP API v1. The error rate comes from the first request counter with a status label that
/// exists.
[[nodiscard]] core::Result<facts::Prometheus>
observe_prometheus(const config::Prometheus& target, core::Deadline deadline, std::stop_token stop);

/// Asks Alertmanager (API v2) whether it is ready and for all alerts, silenced ones included.
[[nodiscard]] core::Result<facts::Alertmanager>
observe_alertmanager(const config::Monitor& target, core::Deadline deadline, std::stop_token stop);

/// Asks Grafana's /api/health; returns its version. An unhealthy database is an error.
[[nodiscard]] core::Result<std::string>
observe_grafana(const config::Monitor& target, core::Deadline deadline, std::stop_token stop);

} // namespace probe
