// SPDX-License-Identifier: MIT
#include "core/secret.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace core {
namespace {

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::array<std::string_view, 15> k_secret_parameters{
    "key",   "sig",    "auth",   "jwt",       "pass",      "pwd",        "password",     "passwd",
    "token", "secret", "apikey", "accesskey", "signature", "credential", "authorization"};

/// Whether a parameter holds a secret: "access_token", "apiKey", "X-Amz-Signature",
/// "sslpassword".
bool is_secret_parameter(std::string_view name) {
    return std::ranges::any_of(k_secret_parameters, [name](std::string_view word) {
        if (name.size() < word.size()) return false;
        const auto rest = name.size() - word.size();
        if (!same_word(name.substr(rest), word)) return false;
        // "monkey" is no key: a short word stands alone, or a new one begins with it.
        const bool parted =
            rest == 0 || !is_letter(name[rest - 1]) || (name[rest] >= 'A' && name[rest] <= 'Z');
        constexpr std::size_t k_telling = 5;
        return parted || word.size() >= k_telling;
    });
}

/// Masks the values of secret parameters of a URL, in its query and in its fragment.
void mask_parameters(std::string& url, std::size_t begin) {
    std::size_t at = url.find_first_of("?#", begin);
    while (at < url.size()) {
        const std::size_t end = std::min(url.find_first_of("&;#", at + 1), url.size());
        const std::string_view parameter = std::string_view{url}.substr(at + 1, end - at - 1);
        const std::size_t equals = parameter.find('=');
        if (equals == std::string_view::npos || equals + 1 == parameter.size()
            || !is_secret_parameter(parameter.substr(0, equals))) {
            at = end;
            continue;
        }
        const std::size_t value = at + 1 + equals + 1;
        url.replace(value, end - value, k_masked);
        at = value + k_masked.size();
    }
}

/// Masks the parts of a URL's path that are keys; returns where the path ends.
std::size_t mask_path(std::string& url, std::size_t begin) {
    std::size_t at = begin;
    while (at < url.size() && url[at] == '/') {
        const std::size_t end = std::min(url.find_first_of("/?#", at + 1), url.size());
        const std::size_t size = end - at - 1;
        const bool key = is_path_key(std::string_view{url}.substr(at + 1, size));
        if (key) url.replace(at + 1, size, k_masked);
        at += 1 + (key ? k_masked.size() : size);
    }
    return at;
}

/// Whether "host:…" goes on with a port, as "user:password" does not.
bool is_port(std::string_view text) {
    const auto end = std::min(text.find_first_of("/?#"), text.size());
    return end > 0 && end <= 5 && std::ranges::all_of(text.substr(0, end), is_digit);
}

/// Returns where the '@' stands that ends the user part, which begins at `start`; npos where there
/// is none. A password may hold a slash that should have been escaped: then the last '@' counts.
std::size_t user_end(std::string_view url, std::size_t start) {
    const std::size_t end = std::min(url.find_first_of("/?#", start), url.size());
    const auto authority = url.substr(start, end - start);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) return start + at;
    const auto colon = authority.find(':');
    if (colon == std::string_view::npos || authority.starts_with('[')
        || is_port(url.substr(start + colon + 1)))
        return std::string_view::npos;
    const auto at = url.substr(start).rfind('@');
    return at == std::string_view::npos ? at : start + at;
}

/// Masks the password of the user part; on the web a user without a password is a token. Returns
/// where the host begins.
std::size_t mask_user(std::string& url, std::size_t start) {
    const std::size_t at = user_end(url, start);
    if (at == std::string_view::npos) return start;
    const std::size_t colon = url.find(':', start);
    const std::string_view scheme = std::string_view{url}.substr(0, start);
    const bool web = std::ranges::any_of(
        std::array<std::string_view, 4>{"http://", "https://", "ws://", "wss://"},
        [&](std::string_view one) { return same_word(scheme, one); });
    std::size_t hidden = at;
    if (colon < at)
        hidden = colon + 1;
    else if (web)
        hidden = start;
    url.replace(hidden, at - hidden, hidden < at ? k_masked : std::string_view{});
    return hidden + (hidden < at ? k_masked.size() : 0) + 1;
}

/// Returns where the value that starts at `at` in a keyword/value connection string ends:
/// quoted values may hold blanks and escaped quotes (PostgreSQL manual, section 34.1.1.1).
std::size_t value_end(std::string_view dsn, std::size_t at) {
    if (at < dsn.size() && dsn[at] == '\'') {
        for (++at; at < dsn.size() && dsn[at] != '\''; ++at) {
            if (dsn[at] == '\\') ++at;
        }
        return std::min(at + 1, dsn.size());
    }
    while (at < dsn.size() && std::isspace(static_cast<unsigned char>(dsn[at])) == 0) {
        if (dsn[at] == '\\') ++at;
        ++at;
    }
    return std::min(at, dsn.size());
}

} // namespace

bool is_path_key(std::string_view part) {
    constexpr std::size_t k_least = 24;
    constexpr std::array<std::string_view, 3> k_content{"Qm", "baf", "k51"};
    const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; };
    return part.size() >= k_least && std::ranges::all_of(part, fits)
           && std::ranges::any_of(part, is_digit) && std::ranges::any_of(part, is_letter)
           && std::ranges::none_of(k_content, [&](auto id) { return part.starts_with(id); });
}

std::string mask_url(std::string_view url) {
    std::string text{url};
    const std::size_t scheme = text.find("://");
    if (scheme == std::string::npos) return text;
    const std::size_t host = mask_user(text, scheme + 3);
    const std::size_t path = std::min(text.find_first_of("/?#", host), text.size());
    const bool socket = same_word(std::string_view{text}.substr(0, scheme), "unix");
    mask_parameters(text, socket ? path : mask_path(text, path));
    return text;
}

std::string mask_dsn(std::string_view dsn) {
    if (dsn.find("://") != std::string_view::npos) return mask_url(dsn);
    std::string masked;
    std::size_t at = 0;
    while (at < dsn.size()) {
        const std::size_t equals = dsn.find('=', at);
        if (equals == std::string_view::npos) break;
        std::string_view key = dsn.substr(at, equals - at);
        while (!key.empty() && std::isspace(static_cast<unsigned char>(key.back())) != 0)
            key.remove_suffix(1);
        while (!key.empty() && std::isspace(static_cast<unsigned char>(key.front())) != 0)
            key.remove_prefix(1);
        std::size_t value = equals + 1;
        while (value < dsn.size() && std::isspace(static_cast<unsigned char>(dsn[value])) != 0)
            ++value;
        const std::size_t end = value_end(dsn, value);
        const bool hidden = same_word(key, "password") || same_word(key, "sslpassword");
        masked += dsn.substr(at, value - at);
        masked += hidden ? k_masked : dsn.substr(value, end - value);
        at = end;
    }
    masked += dsn.substr(std::min(at, dsn.size()));
    return masked;
}

} // namespace core
