// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/http.hpp"
#include "probe/docker_api.hpp"
#include "probe/docker_inspect.hpp"

#include <stop_token>
#include <string>
#include <string_view>

// The first words with an Engine: what it is, and which API is spoken with it.

namespace probe {

/// An Engine that has answered.
struct Greeted {
    EngineVersion version{};
    std::string api{};         ///< the one to speak
    std::string swarm{};       ///< the header of its /_ping; empty when it sent none
    bool knows_oldest = false; ///< the version says which API is the oldest that it still speaks
};

/// Asks an Engine who it is. The headers of /_ping say it; only where they do not (old Engines,
/// some proxies) /version is asked, for which an Engine runs other programs. Errors: those of the
/// request, auth, protocol.
[[nodiscard]] core::Result<Greeted> greet(const EngineAddress& engine, core::Deadline deadline,
                                          const std::stop_token& stop);

/// Asks an Engine that was greeted by its headers alone for the oldest API that it speaks, and
/// chooses anew. Errors: as those of `greet`.
[[nodiscard]] core::Result<Greeted> ask_oldest(const EngineAddress& engine, Greeted greeted,
                                               core::Deadline deadline,
                                               const std::stop_token& stop);

/// The error of a server that does not answer as an Engine does.
[[nodiscard]] core::Error not_an_engine(const EngineAddress& engine, std::string reason);

/// The error of an answer to `asked` whose status is not 200.
[[nodiscard]] core::Error status_error(const EngineAddress& engine, const facts::Http& answer,
                                       std::string_view asked);

} // namespace probe
