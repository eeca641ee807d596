// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "commands/logs/sources.hpp"
#include "config/config.hpp"
#include "core/judged.hpp"
#include "logs/window.hpp"
#include "probe/log_file.hpp"
#include "watch/look.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace commands {

/// Reads logs on and on into a window, each in a thread of its own, until it is destroyed.
class LogFollower {
  public:
    /// `services`: only those; empty for all. It and `context` are kept by reference.
    LogFollower(const cli::Context& context, logs::Window& window,
                const std::vector<std::string>& services);
    ~LogFollower();
    LogFollower(const LogFollower&) = delete;
    LogFollower& operator=(const LogFollower&) = delete;
    LogFollower(LogFollower&&) = delete;
    LogFollower& operator=(LogFollower&&) = delete;

    /// Files by their names, whatever takes their place; "-" until its end. Throws
    /// core::UsageError.
    void follow_files(const std::vector<std::string>& files);

    /// All containers of the gallery, also those that come up later.
    void follow_containers(config::Config config);

    void follow_journal(const std::string& where);

    /// Waits until what is there already has been read, some seconds at most.
    void settle(const std::stop_token& stop) const;

    /// Throws core::UsageError for a service that was asked for and that no Engine has.
    void check_services() const;

    /// Returns what is read now, and what can't be.
    [[nodiscard]] LogsRead read() const;

    /// Returns what the Engines answered last.
    [[nodiscard]] std::vector<watch::EngineAnswer> engines() const;

    /// Returns whether nothing can come any more: standard input has ended, and nothing else is
    /// read.
    [[nodiscard]] bool over() const { return m_running == 0; }

  private:
    class Containers;

    void start(std::function<void(const std::stop_token& stop)> work);
    void follow_file(const probe::LogSet& set);
    void follow_input(const probe::LogSet& set);

    const cli::Context& m_context;
    logs::Window& m_window;
    const std::vector<std::string>& m_services;
    mutable std::mutex m_mutex{};
    LogsRead m_read{};
    std::map<std::string, core::Judged> m_problems{}; ///< by subject
    std::vector<watch::EngineAnswer> m_engines{};
    std::set<std::string> m_known{}; ///< services of the Engines
    std::atomic<int> m_running = 0;
    std::atomic<bool> m_has_looked = true; ///< at the Engines, where there are any to look at
    std::unique_ptr<Containers> m_containers{};
    std::vector<std::jthread> m_threads{};
};

} // namespace commands
