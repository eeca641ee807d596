// SPDX-License-Identifier: MIT
#include "notify/target.hpp"

namespace notify {
namespace {

constexpr std::string_view k_alertmanager = "alertmanager";
constexpr std::string_view k_webhook = "webhook:";
constexpr std::string_view k_ping = "ping:";

} // namespace

std::string Target::text() const {
    switch (kind) {
    case Kind::webhook:
        return std::string{k_webhook} + name;
    case Kind::ping:
        return std::string{k_ping} + name;
    case Kind::alertmanager:
        break;
    }
    return std::string{k_alertmanager};
}

std::optional<Target> parse_target(std::string_view text) {
    if (text == k_alertmanager) return Target{};
    for (const auto& [prefix, kind] : {std::pair{k_webhook, Kind::webhook}, {k_ping, Kind::ping}}) {
        if (text.starts_with(prefix) && text.size() > prefix.size())
            return Target{kind, std::string{text.substr(prefix.size())}};
    }
    return std::nullopt;
}

} // namespace notify
