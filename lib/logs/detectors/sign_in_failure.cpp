// SPDX-License-Identifier: MIT
#include "logs/detectors/sign_in_failure.hpp"

#include "core/text.hpp"
#include "logs/detectors/server_error.hpp"
#include "logs/forms/cut.hpp"
#include "logs/forms/request.hpp"

#include <algorithm>
#include <array>

namespace logs {
namespace {

bool is_sign_in(const Request& request) {
    static constexpr std::array<std::string_view, 10> k_paths{
        "login",    "signin",    "sign-in", "sign_in", "logon",
        "/session", "/sessions", "/auth",   "/token",  "xmlrpc.php"};
    if (request.method != "POST") return false;
    const auto path = core::to_lower(request.target.substr(0, request.target.find('?')));
    return std::ranges::any_of(k_paths,
                               [&](auto part) { return path.find(part) != std::string::npos; });
}

/// What stands between `before` and the address at the very end of sshd's line: " from 192.0.2.7
/// port 22 ssh2". A user's name may hold the same words: the last ones count.
struct Tail {
    std::string_view address{};
    std::string_view middle{};
};

std::optional<Tail> tail_of_sshd(std::string_view message, std::string_view before) {
    if (!message.starts_with(before)) return std::nullopt;
    const auto from = message.rfind(" from ");
    if (from == std::string_view::npos || from + 1 < before.size()) return std::nullopt;
    auto rest = message.substr(from + 6);
    const auto address = take_word(rest);
    if (!is_address(address)) return std::nullopt;
    // Behind it stand the port and what sshd adds, nothing that a client can choose.
    if (!rest.empty() && !rest.starts_with(" port ") && !rest.starts_with(" on "))
        return std::nullopt;
    const auto begin = std::min(before.size(), from);
    return Tail{address, message.substr(begin, from - begin)};
}

std::optional<SignInFailure> of_sshd(std::string_view message) {
    static constexpr std::array<std::string_view, 8> k_beginnings{
        "Failed password for invalid user ",
        "Failed password for illegal user ",
        "Failed password for ",
        "Failed keyboard-interactive/pam for invalid user ",
        "Failed keyboard-interactive/pam for ",
        "Failed none for invalid user ",
        "Invalid user ",
        "Illegal user "};
    for (const auto beginning : k_beginnings) {
        const auto tail = tail_of_sshd(message, beginning);
        if (!tail) continue;
        const bool unknown = beginning.starts_with('I');
        return SignInFailure{tail->address, tail->middle,
                             unknown ? Teller::invalid_user : Teller::password};
    }
    return std::nullopt;
}

/// Takes "message repeated 5 times: [ " and "]" off, as rsyslog puts them around. Returns how
/// often.
std::int64_t take_repeats(std::string_view& message) {
    constexpr std::string_view k_repeated{"message repeated "};
    if (!message.starts_with(k_repeated) || !message.ends_with(']')) return 1;
    auto rest = message.substr(k_repeated.size());
    const auto times = number_of<std::int64_t>(take_word(rest));
    constexpr std::string_view k_times{" times: [ "};
    if (!times || *times < 1 || *times > 1'000'000 || !rest.starts_with(k_times)) return 1;
    message = rest.substr(k_times.size(), rest.size() - k_times.size() - 1);
    return *times;
}

/// pam_unix: "authentication failure; logname= uid=0 … ruser= rhost=192.0.2.7  user=root". The
/// user, which the client names, comes last: the first rhost is the server's.
std::optional<SignInFailure> of_pam(std::string_view message) {
    if (message.find("authentication failure; ") == std::string_view::npos) return std::nullopt;
    const auto at = message.find(" rhost=");
    SignInFailure failure;
    failure.teller = Teller::pam;
    if (at == std::string_view::npos) return failure;
    auto rest = message.substr(at + 7);
    const auto host = take_word(rest);
    if (is_address(host)) failure.client = host;
    const auto user = rest.find("user=");
    if (user != std::string_view::npos) failure.account = rest.substr(user + 5);
    return failure;
}

bool says_failed_sign_in(std::string_view message) {
    static constexpr std::array<std::string_view, 10> k_words{"login failed",
                                                              "failed login",
                                                              "sign-in failed",
                                                              "failed sign-in",
                                                              "authentication failed",
                                                              "invalid credentials",
                                                              "invalid username or password",
                                                              "bad credentials",
                                                              "wrong password",
                                                              "login attempt failed"};
    // Only what the program itself says, at the beginning, counts.
    const auto beginning = core::to_lower(message.substr(0, 60));
    return std::ranges::any_of(k_words, [&](auto words) {
        const auto at = beginning.find(words);
        const auto end = at + words.size();
        return at != std::string::npos
               && (end >= beginning.size() || !is(beginning[end], k_letter));
    });
}

/// The address that ends the message: "… client=192.0.2.7", "… from 192.0.2.7", "… ip: 192.0.2.7".
std::string_view last_address(std::string_view message) {
    while (!message.empty()
           && (message.back() == ')' || message.back() == '.' || message.back() == '"'))
        message.remove_suffix(1);
    const auto begin = message.find_last_of(" =(");
    if (begin == std::string_view::npos) return {};
    const auto word = without_port(message.substr(begin + 1));
    return is_address(word) ? word : std::string_view{};
}

/// The account in "login failed: email=a@example.org client=192.0.2.7".
std::string_view account_in(std::string_view message) {
    for (const std::string_view key : {"email=", "user=", "username=", "login=", "account="}) {
        const auto at = message.find(key);
        if (at == std::string_view::npos) continue;
        auto rest = message.substr(at + key.size());
        return take_word(rest);
    }
    // Postgres puts it in quotes.
    const auto open = message.find('"');
    if (open == std::string_view::npos) return {};
    const auto close = message.find('"', open + 1);
    return message.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
}

/// Basic authentication: "user \"ann\": password mismatch, client: …" of nginx, "[client …]
/// AH01617: user ann: authentication failure for …" of Apache.
std::optional<SignInFailure> of_web_server(const Event& event) {
    static constexpr auto k_words = std::to_array<std::string_view>(
        {": password mismatch", " was not found in \"", ": authentication failure for",
         " not found: /", "Password Mismatch"});
    const auto message = event.message;
    const auto user = message.find("user ");
    if (user == std::string_view::npos || user > 80) return std::nullopt;
    if (std::ranges::none_of(k_words, [&](auto words) {
            return message.find(words, user) != std::string_view::npos;
        }))
        return std::nullopt;
    auto account = message.substr(user + 5);
    if (account.starts_with('"')) account.remove_prefix(1);
    account = account.substr(0, account.find_first_of("\":"));
    const auto client = client_of_error(event);
    if (client.empty()) return std::nullopt;
    return SignInFailure{client, account, Teller::application};
}

} // namespace

std::optional<SignInFailure> sign_in_failure(const Event& event) {
    if (event.request) {
        const auto& request = *event.request;
        // Whoever names a user in the header (basic authentication) wants to sign in, too.
        const bool names_user = request.status == 401 && !request.user.empty();
        if (!names_user
            && ((request.status != 401 && request.status != 403) || !is_sign_in(request)))
            return std::nullopt;
        return SignInFailure{request.client, request.user, Teller::request};
    }
    auto message = event.message;
    const auto times = take_repeats(message);
    if (auto failure = of_sshd(message)) {
        failure->times = times;
        return failure;
    }
    if (const auto failure = of_pam(message)) return failure;
    if (const auto failure = of_web_server(event)) return failure;
    if (message.starts_with("password authentication failed for user"))
        return SignInFailure{{}, account_in(message), Teller::application};
    if (!says_failed_sign_in(message)) return std::nullopt;
    return SignInFailure{last_address(message), account_in(message), Teller::application};
}

std::string_view signed_in_from(const Event& event) {
    if (event.request) {
        const auto& request = *event.request;
        return is_sign_in(request) && request.status >= 200 && request.status < 400
                   ? request.client
                   : std::string_view{};
    }
    for (const std::string_view beginning : {"Accepted password for ", "Accepted publickey for "})
        if (const auto tail = tail_of_sshd(event.message, beginning)) return tail->address;
    return {};
}

} // namespace logs
