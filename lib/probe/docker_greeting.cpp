// SPDX-License-Identifier: MIT
#include "probe/docker_greeting.hpp"

#include "net/http.hpp"
#include "probe/mask.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace probe {
namespace {

core::Result<EngineVersion> ask_version(const EngineAddress& engine, core::Deadline deadline,
                                        const std::stop_token& stop) {
    const auto answer = net::fetch(engine.get("/version"), deadline, stop);
    if (!answer) return std::unexpected(engine.explain(answer.error()));
    if (answer->status != 200) return std::unexpected(status_error(engine, *answer, "/version"));
    auto version = parse_engine_version(answer->body);
    if (!version) return std::unexpected(not_an_engine(engine, "its /version is not an Engine's"));
    return *std::move(version);
}

core::Result<std::string> choose_api(const EngineAddress& engine, const EngineVersion& version) {
    if (auto api = negotiate_api(version)) return *std::move(api);
    auto error = not_an_engine(
        engine, fmt::format("its API {} is older than 1.24", quoted_answer(version.api, {}, 20)));
    error.hint = "Docker 1.12 (2016) and later can be asked";
    return std::unexpected(std::move(error));
}

} // namespace

core::Error not_an_engine(const EngineAddress& engine, std::string reason) {
    core::Error error;
    error.kind = core::ErrorKind::protocol;
    error.phase = core::Phase::query;
    error.reason = std::move(reason);
    return engine.explain(std::move(error));
}

core::Error status_error(const EngineAddress& engine, const facts::Http& answer,
                         std::string_view asked) {
    auto error = not_an_engine(engine, fmt::format("HTTP {} to {}: {}", answer.status, asked,
                                                   quoted_answer(answer.body, core::Secret{})));
    if (answer.status == 401 || answer.status == 403) error.kind = core::ErrorKind::auth;
    if (answer.status >= 300 && answer.status < 400)
        error.reason =
            fmt::format("HTTP {} to {}: redirects are not followed", answer.status, asked);
    return error;
}

core::Result<Greeted> greet(const EngineAddress& engine, core::Deadline deadline,
                            const std::stop_token& stop) {
    const auto ping = net::fetch(engine.get("/_ping"), deadline, stop);
    if (!ping) return std::unexpected(engine.explain(ping.error()));
    Greeted greeted;
    if (const auto swarm = ping->headers.find("swarm"); swarm != ping->headers.end())
        greeted.swarm = swarm->second;
    auto version = ping->status == 200 ? version_in_headers(ping->headers) : std::nullopt;
    if (!version) {
        TRY_ASSIGN(version, ask_version(engine, deadline, stop));
        greeted.knows_oldest = true;
    }
    greeted.version = *std::move(version);
    TRY_ASSIGN(greeted.api, choose_api(engine, greeted.version));
    return greeted;
}

core::Result<Greeted> ask_oldest(const EngineAddress& engine, Greeted greeted,
                                 core::Deadline deadline, const std::stop_token& stop) {
    TRY_ASSIGN(greeted.version, ask_version(engine, deadline, stop));
    TRY_ASSIGN(greeted.api, choose_api(engine, greeted.version));
    greeted.knows_oldest = true;
    return greeted;
}

} // namespace probe
