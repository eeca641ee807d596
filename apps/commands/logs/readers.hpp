// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "core/judged.hpp"
#include "facts/docker.hpp"
#include "logs/docker_stream.hpp"
#include "logs/intake.hpp"
#include "logs/lines.hpp"
#include "probe/container_logs.hpp"
#include "probe/log_file.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace commands {

/// Returns whether `service` is one of those asked for; none asked for are all.
[[nodiscard]] bool is_wanted(const std::vector<std::string>& services, const std::string& service);

/// Throws core::UsageError for a name that no service has.
void check_wanted(const std::vector<std::string>& wanted, const std::set<std::string>& known);

/// Returns the service that a file speaks for: "/var/log/nginx/access.log" for "access".
[[nodiscard]] std::string service_of_file(const probe::LogSet& set);

/// Returns the argument that reads a file with what rotation made of it again.
[[nodiscard]] std::string argument_of(const probe::LogSet& set);

/// Returns the judgement of something that could not be read, with the error's own hint for the
/// next step.
[[nodiscard]] core::Judged unread(const std::string& subject, std::string why);
[[nodiscard]] core::Judged unread(const std::string& subject, core::Error error);

/// A container's two streams: each has its own order and its own traces.
class ContainerReader {
  public:
    ContainerReader(logs::Intake& intake, facts::Container container);
    ContainerReader(const ContainerReader&) = delete;
    ContainerReader& operator=(const ContainerReader&) = delete;
    ContainerReader(ContainerReader&&) = delete;
    ContainerReader& operator=(ContainerReader&&) = delete;
    ~ContainerReader() = default;

    /// Returns a request for the log. A further one leaves out what has come in already.
    [[nodiscard]] probe::ContainerLog request();

    /// Takes the answer's outcome.
    void finish(const core::Result<void>& result);

    [[nodiscard]] const facts::Container& container() const { return m_container; }

    /// Returns when the newest line was logged that came in.
    [[nodiscard]] std::optional<core::Time> newest() const { return m_newest; }

  private:
    void take(logs::Side side, std::string_view line, std::optional<core::Time> time);
    void note_cut();
    logs::Stream error_stream();

    logs::Intake& m_intake;
    facts::Container m_container;
    logs::Stream m_out;
    std::optional<logs::Stream> m_error{};
    std::optional<core::Time> m_newest{};
    std::optional<core::Time> m_known_until{}; ///< of an earlier request, which is not read twice
    std::optional<logs::DockerStream> m_bytes{};
    std::int64_t m_cut = 0;
};

/// The services of a journal: each has a stream of its own, up to a bound, since any program may
/// call itself what it likes.
class JournalReader {
  public:
    JournalReader(logs::Intake& intake, const std::string& where,
                  const std::vector<std::string>& services);

    /// Takes bytes of what journalctl prints.
    void push(std::string_view bytes) { m_cutter.push(bytes); }

    void end() { m_cutter.end(); }

    [[nodiscard]] std::set<std::string> services() const;

  private:
    void take(std::string_view line);
    [[nodiscard]] std::optional<logs::Stream> stream(const std::string& service);

    logs::Intake& m_intake;
    const std::vector<std::string>& m_services;
    std::string m_again;
    bool m_is_live;
    std::map<std::string, std::optional<logs::Stream>> m_known{};
    logs::LineCutter m_cutter;
};

} // namespace commands
