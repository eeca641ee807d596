// SPDX-License-Identifier: MIT
#include "core/secret.hpp"

#include <algorithm>
#include <cctype>

namespace core {
namespace {

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// Masks the values of password-like parameters in the query part of a URL.
std::string mask_query(std::string url) {
    for (std::string_view key :
         {"password=", "token=", "secret=", "access_token=", "apikey=", "api_key="}) {
        std::size_t at = url.find('?');
        while (at != std::string::npos && (at = url.find(key, at)) != std::string::npos) {
            const std::size_t start = at + key.size();
            const std::size_t end = std::min(url.find_first_of("&#", start), url.size());
            url.replace(start, end - start, k_masked);
            at = start;
        }
    }
    return url;
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

std::string mask_url(std::string_view url) {
    std::string text{url};
    const std::size_t scheme = text.find("://");
    if (scheme == std::string::npos) return text;
    const std::size_t start = scheme + 3;
    const std::size_t authority_end = std::min(text.find_first_of("/?#", start), text.size());
    const std::size_t at = text.rfind('@', authority_end);
    if (at != std::string::npos && at >= start && at < authority_end) {
        const std::size_t colon = text.find(':', start);
        if (colon < at) text.replace(colon + 1, at - colon - 1, k_masked);
    }
    return mask_query(std::move(text));
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
