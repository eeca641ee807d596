// SPDX-License-Identifier: MIT
#include "notify/send.hpp"

#include "net/url.hpp"
#include "probe/pause.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace notify {
namespace {

using core::ErrorKind;

/// "https://chat.example:443".
std::string server_of(const net::HttpRequest& request) {
    const auto url = net::parse_url(request.url);
    return url ? fmt::format("{}://{}:{}", url->scheme, url->host, url->port) : std::string{"?"};
}

std::string_view hint_for(int status) {
    if (status >= 300 && status < 400) return "it has moved: write its new URL";
    if (status == 401 || status == 403) return "look at its token or headers in the configuration";
    if (status == 404 || status == 410) return "look at its URL in the configuration";
    return status == 429 ? "it refuses so many calls: let fewer runs tell it" : "";
}

/// What went wrong with a call; nothing when it got through.
std::optional<core::Error> trouble_of(const core::Result<facts::Http>& answer) {
    if (!answer) return answer.error();
    if (answer->status >= 200 && answer->status < 300) return std::nullopt;
    core::Error error;
    error.kind = ErrorKind::protocol;
    error.reason = fmt::format("HTTP {}", answer->status);
    error.hint = hint_for(static_cast<int>(answer->status));
    return error;
}

bool may_be_a_blip(const core::Result<facts::Http>& answer) {
    if (answer) return answer->status == 429 || answer->status >= 500;
    const auto kind = answer.error().kind;
    return kind == ErrorKind::unreachable || kind == ErrorKind::refused || kind == ErrorKind::reset
           || kind == ErrorKind::timeout;
}

Undelivered undelivered(core::Error error, const Outgoing& call) {
    error.what = "notify " + call.target;
    error.where = server_of(call.request);
    return {call.target, std::move(error)};
}

} // namespace

std::vector<Undelivered> send(std::vector<Outgoing> calls, core::Deadline deadline,
                              const std::stop_token& stop) {
    constexpr std::chrono::seconds k_between_tries{1};
    std::vector<Undelivered> troubles;
    while (!calls.empty()) {
        std::vector<net::HttpRequest> requests;
        for (const auto& call : calls)
            requests.push_back(call.request);
        const auto answers = net::fetch_all(requests, deadline, stop);
        const bool last = deadline.remaining() <= k_between_tries;
        std::vector<Outgoing> again;
        for (std::size_t i = 0; i < calls.size(); ++i) {
            auto trouble = trouble_of(answers[i]);
            if (!trouble) continue;
            if (!last && may_be_a_blip(answers[i]))
                again.push_back(std::move(calls[i]));
            else
                troubles.push_back(undelivered(*std::move(trouble), calls[i]));
        }
        calls = std::move(again);
        if (!calls.empty() && !probe::pause(k_between_tries, deadline, stop)) break;
    }
    for (const auto& call : calls)
        troubles.push_back(
            undelivered({.kind = ErrorKind::cancelled, .reason = "interrupted"}, call));
    return troubles;
}

} // namespace notify
