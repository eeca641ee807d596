// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "core/units.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace config {

/// A service as the compose file declares it; only what a checker needs.
struct ComposeService {
    std::string name{};
    std::string image{};
    std::string restart{"no"};
    bool has_healthcheck = false;
    std::map<std::string, std::string>
        depends_on{}; ///< service → condition (service_started when none)
    std::vector<std::string> profiles{};
    int replicas = 1;
    core::Bytes memory_limit{};
    std::map<std::string, std::string> environment_hosts{}; ///< variable → host name in its value
    std::set<std::string> given{}; ///< keys that the file holds ("restart", "environment.NAME"):
                                   ///< what `merge` lays over; "!depends_on" takes the place of
                                   ///< what was there, "!" alone removes the service

    bool operator==(const ComposeService&) const = default;
};

struct ComposeProject {
    std::string name{}; ///< top-level name:, empty when the file has none
    std::map<std::string, ComposeService> services{};
    std::vector<std::string> other_files{}; ///< files that it includes or extends; not read

    /// Returns whether `service` is a one-shot: another waits for it with
    /// service_completed_successfully.
    [[nodiscard]] bool waited_for_completion(std::string_view service) const;

    bool operator==(const ComposeProject&) const = default;
};

/// Parses a compose file (Compose Specification; also the older versions 2.x and 3.x). `env` fills
/// ${NAME}, ${NAME:-default} and $$; a variable without a value is empty, also where the file
/// insists on one (${NAME:?message}): it was set in the shell that started the project.
/// Errors: protocol with line and column.
[[nodiscard]] core::Result<ComposeProject>
parse_compose(std::string_view text, const std::map<std::string, std::string>& env);

/// Lays the services of `over` on top of `base`, as `docker-compose -f a -f b` does, with `!reset`
/// and `!override` (Compose Specification, 13-merge.md).
void merge(ComposeProject& base, const ComposeProject& over);

/// Returns the name of the host that the value of a variable leads to: in a URL
/// ("redis://cache/0"), a DSN ("host=db"), "host:port", or as the whole value when it is one of
/// `services`. Empty when there is none, or only this host or an IP address. Variables that list
/// who may call (CORS, allowed hosts) lead nowhere.
[[nodiscard]] std::string host_in_variable(std::string_view name, std::string_view value,
                                           const std::set<std::string>& services);

} // namespace config
