// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/finding.hpp"
#include "facts/observations.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace health {

/// A service of the gallery on one Engine: what is expected of it and the containers that exist.
struct ServiceState {
    std::string name{};     ///< compose service
    std::string subject{};  ///< name, with "@host" where several Engines are looked at
    std::string engine{};   ///< printable address of the Engine
    bool on_podman = false; ///< its Engine is Podman, which runs health checks by systemd's timers
    const config::ComposeService* declared = nullptr; ///< nothing when only seen, not declared
    const config::Service* settings = nullptr;
    std::vector<const facts::Container*> containers{};
    std::int64_t wanted = 0;    ///< how many containers are expected here; 0: that can't be told
    std::int64_t elsewhere = 0; ///< how many other Engines have
};

/// Whether there are Engines and each of them answered: only then a container that none has does
/// not exist.
[[nodiscard]] bool all_engines_answered(const facts::Observations& seen);

/// Returns every service that is expected or exists, sorted by name. A declared service that runs
/// on any of several Engines is expected on none of the others, and its replicas may be spread over
/// all of them. Nothing is expected of single Engines where a swarm's manager tells of the service.
/// Services behind a compose profile are expected only when a container of theirs exists.
[[nodiscard]] std::vector<ServiceState> services(const facts::Observations& seen,
                                                 const config::Config& config);

/// Whether a container that exited with 0 has done its work: its service is a one-shot. It is when
/// the settings or another service's depends_on say so; else when its restart policy is `no` and
/// nothing about it looks like a server (no health check, no published port, nothing depends on
/// it).
[[nodiscard]] bool is_one_shot(const ServiceState& service, const facts::Container& container,
                               const facts::Observations& seen);

/// Whether a service without any container is a one-shot by what is declared of it: the settings or
/// another service's depends_on say so, or its restart policy is given as `no` and it is no server.
[[nodiscard]] bool is_declared_one_shot(const ServiceState& service,
                                        const facts::Observations& seen);

/// Judges one container's state.
[[nodiscard]] core::Judgement judge_container(const ServiceState& service,
                                              const facts::Container& container,
                                              const facts::Observations& seen);

/// Returns what an exit code tells, in words: "OOM-killed (137)", "killed by SIGKILL (137)",
/// "command not found (127)", "exit code 1".
[[nodiscard]] std::string exit_in_words(const facts::Container& container);

} // namespace health
