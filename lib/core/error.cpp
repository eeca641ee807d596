// SPDX-License-Identifier: MIT
#include "core/error.hpp"

#include "core/units.hpp"

#include <fmt/format.h>

namespace core {

std::string_view name(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::unreachable:
        return "unreachable";
    case ErrorKind::timeout:
        return "timeout";
    case ErrorKind::refused:
        return "refused";
    case ErrorKind::reset:
        return "reset";
    case ErrorKind::auth:
        return "auth";
    case ErrorKind::tls:
        return "tls";
    case ErrorKind::protocol:
        return "protocol";
    case ErrorKind::too_large:
        return "too_large";
    case ErrorKind::permission:
        return "permission";
    case ErrorKind::missing:
        return "missing";
    case ErrorKind::restarted:
        return "restarted";
    case ErrorKind::cancelled:
        return "cancelled";
    case ErrorKind::observer:
        return "observer";
    }
    return "protocol";
}

std::string_view name(Phase phase) {
    switch (phase) {
    case Phase::none:
        return "";
    case Phase::dns:
        return "name lookup";
    case Phase::connect:
        return "connect";
    case Phase::tls:
        return "TLS handshake";
    case Phase::login:
        return "login";
    case Phase::request:
        return "request";
    case Phase::first_byte:
        return "first byte";
    case Phase::body:
        return "body";
    case Phase::query:
        return "query";
    }
    return "";
}

std::string_view name(OwnTrouble trouble) {
    switch (trouble) {
    case OwnTrouble::none:
        return "";
    case OwnTrouble::descriptors:
        return "descriptors";
    case OwnTrouble::memory:
        return "memory";
    case OwnTrouble::threads:
        return "threads";
    case OwnTrouble::route:
        return "route";
    case OwnTrouble::resolver:
        return "resolver";
    case OwnTrouble::clock:
        return "clock";
    }
    return "";
}

std::string brief(const Error& error) {
    // A reason in brackets of its own has said when and where already.
    if (error.reason.ends_with(')')) return error.reason;
    std::string place;
    if (error.phase != Phase::none) place = name(error.phase);
    if (error.elapsed.count() > 0) {
        if (!place.empty()) place += ", ";
        place += "after " + format_duration(error.elapsed);
    }
    return place.empty() ? error.reason : fmt::format("{} ({})", error.reason, place);
}

std::string describe(const Error& error) {
    std::string line = error.what;
    for (const auto* part : {&error.where, &error.reason}) {
        if (part->empty()) continue;
        if (!line.empty()) line += ": ";
        line += *part;
    }
    if (!error.hint.empty()) line += "; " + error.hint;
    return line;
}

} // namespace core
