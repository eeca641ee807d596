// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace logs {

/// Who tells of a sign-in. Several tell of the same one: what they count is not added up.
enum class Teller : std::uint8_t { password, invalid_user, pam, request, application };
inline constexpr std::size_t k_tellers = 5;

/// Somebody could not sign in.
struct SignInFailure {
    std::string_view client{};  ///< an address, or empty where the line tells none
    std::string_view account{}; ///< as the client named it: it may hold anything
    Teller teller = Teller::application;
    std::int64_t times = 1; ///< "message repeated 5 times"
};

/// Returns the failed sign-in that an event tells of: of sshd and PAM, of a web application (401 or
/// 403 for a POST to its sign-in, "login failed: … client=ADDRESS"), of Postgres and Grafana. An
/// address is only taken from where the server itself writes it: never from before or inside of
/// what the client sent.
[[nodiscard]] std::optional<SignInFailure> sign_in_failure(const Event& event);

/// Returns the address for which sshd or an access log tells of a sign-in that succeeded.
[[nodiscard]] std::string_view signed_in_from(const Event& event);

} // namespace logs
