// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/docker.hpp"

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace probe {

/// Which part of a log is asked for.
struct LogWindow {
    std::optional<core::Time> since{};
    std::optional<core::Time> until{};
    std::optional<int> tail{}; ///< only so many of the newest lines
    bool follow = false;       ///< also what is logged from now on, until it ends or a stop
};

/// The log of one container, and who takes its bytes as the Engine sends them, with timestamps.
struct ContainerLog {
    const facts::Container* container = nullptr;
    std::function<void(std::string_view bytes)> take{};
};

/// Reads the logs of containers of one Engine side by side (`api`: the negotiated version). Returns
/// one result for each, in the same order. Errors: those of the Engine; missing for a log driver
/// that can't be read.
[[nodiscard]] std::vector<core::Result<void>>
read_container_logs(const config::DockerHost& host, const std::string& api,
                    std::span<const ContainerLog> logs, const LogWindow& window,
                    core::Deadline deadline, const std::stop_token& stop);

} // namespace probe
