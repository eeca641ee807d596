// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"

#include <cstdint>
#include <string_view>

namespace logs {

/// What a request tries that no visitor does.
enum class Attack : std::uint8_t {
    none,
    probe,     ///< asks for what other software would have: "/wp-login.php", "/.env"
    malformed, ///< is no HTTP: a TLS hello, bytes of another protocol
    proxy,     ///< wants to be passed on to another host
    scanner,   ///< its agent is called like a scanner
    traversal, ///< leaves the site's folder
    injection, ///< SQL in what it sends
    script,    ///< HTML or JavaScript in what it sends
    command,   ///< a shell's, PHP's or a template's command in what it sends
};

/// Returns "SQL injection", "path traversal", …; empty for none.
[[nodiscard]] std::string_view name(Attack attack);

/// Returns whether a single request is enough to know what it is for; a probe may be a link that
/// somebody mistyped.
[[nodiscard]] constexpr bool is_plain(Attack attack) {
    return attack >= Attack::scanner;
}

/// Returns whether the target has nothing that an attack or the path of a secret file needs: most
/// have not, and this is found out at once. Only for requests that were answered: what is not there
/// may be a probe.
[[nodiscard]] bool is_harmless(std::string_view target);

/// Returns what a request's target tries. Its escapes are undone as often as servers and their
/// applications together do (twice). Sources: OWASP Web Security Testing Guide 4.2, chapters 4.7.1,
/// 4.7.5, 4.7.11, 4.7.12; RFC 3986 section 5.2.4 for the dots.
[[nodiscard]] Attack attack_in_target(std::string_view method, std::string_view target);

/// Returns what an agent or a referer tries.
[[nodiscard]] Attack attack_in_header(std::string_view text);

/// Returns whether the target is a file that no visitor may have: keys, settings, dumps.
[[nodiscard]] bool is_secret_file(std::string_view target);

} // namespace logs
