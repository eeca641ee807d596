// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/access_log.hpp"
#include "facts/observations.hpp"
#include "probe/pending.hpp"

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace probe {

/// Counts the requests in a container's log from `now - window` on, as the Engine of `host` keeps
/// it (`api`: the negotiated version): at most the newest 20,000 lines, and fewer where these are
/// larger than 8 MiB. Errors: those of the Engine; missing for a log driver that can't be read;
/// too_large when even 400 lines are.
[[nodiscard]] core::Result<facts::AccessLog>
observe_access_log(const config::DockerHost& host, const std::string& api,
                   const facts::Container& container, core::Time now, std::chrono::seconds window,
                   core::Deadline deadline, std::stop_token stop);

/// Whether Prometheus told the share of errors of any service, so that no log need be read.
[[nodiscard]] bool knows_error_rates(const facts::Observations& seen);

/// Begins to read the access logs of all running containers whose service has an endpoint in the
/// configuration, side by side; none when Prometheus knows the error rates.
[[nodiscard]] std::vector<Pending<facts::AccessLog>>
begin_access_logs(const facts::Observations& seen, const config::Config& config,
                  core::Deadline deadline, const std::stop_token& stop);

} // namespace probe
