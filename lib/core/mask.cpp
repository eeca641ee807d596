// SPDX-License-Identifier: MIT
//
// One pass from the left; at each place every form of secret is tried, and the scan goes on behind
// the first that fits. The forms err on the side of masking: a recording is made to be sent to
// others, and a masked harmless word costs a line of evidence, a missed secret an account.
#include "core/mask.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

namespace core {
namespace {

using Found = std::optional<Span>;

bool is_decimal(char c) {
    return c >= '0' && c <= '9';
}

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_alphabetic(char c) {
    return is_lower(c) || is_upper(c);
}

bool is_name(char c) {
    return is_alphabetic(c) || is_decimal(c) || c == '_' || c == '-' || c == '.';
}

/// Characters of base64 and its form for URLs.
bool is_token(char c) {
    return is_alphabetic(c) || is_decimal(c)
           || std::string_view{"_-+=~"}.find(c) != std::string_view::npos;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_space(char c) {
    return is_blank(c) || c == '\n' || c == '\r';
}

bool is_quote(char c) {
    return c == '"' || c == '\'';
}

/// No secret that can be told from text is longer; keeps a hostile text from costing a square.
constexpr std::size_t k_farthest = 4096;

template <class Is>
std::size_t skip(std::string_view text, std::size_t at, Is is) {
    const auto end = std::min(text.size(), at + k_farthest);
    while (at < end && is(text[at]))
        ++at;
    return at;
}

/// Returns the text right before `at`.
std::string_view before(std::string_view text, std::size_t at) {
    constexpr std::size_t k_near = 256;
    const auto begin = at > k_near ? at - k_near : 0;
    return text.substr(begin, at - begin);
}

bool starts_word(std::string_view text, std::size_t at) {
    return at == 0 || !is_name(text[at - 1]);
}

// --- URLs

/// Whether "host:…" goes on with a port, as "user:password" does not.
bool may_be_port(std::string_view text) {
    const auto digits = skip(text, 0, is_decimal);
    return digits > 0 && digits <= 5;
}

/// The user part of the URL whose "://" stands at `at`. A password may hold a slash that should
/// have been escaped: then the last '@' of the word ends it.
Found user_part(std::string_view text, std::size_t at) {
    if (text.substr(at, 3) != "://") return std::nullopt;
    const auto start = at + 3;
    const auto word = skip(text, start, [](char c) {
        return !is_space(c) && !is_quote(c) && c != '<' && c != '>' && c != '\\';
    });
    const auto authority = std::min(text.find_first_of("/?#", start), word);
    auto sign = text.substr(start, authority - start).rfind('@');
    if (sign == std::string_view::npos) {
        const auto colon = text.substr(start, authority - start).find(':');
        if (colon == std::string_view::npos || may_be_port(text.substr(start + colon + 1)))
            return std::nullopt;
        sign = text.substr(start, word - start).rfind('@');
        if (sign == std::string_view::npos) return std::nullopt;
    }
    return sign == 0 ? Found{} : Span{start, start + sign};
}

bool is_content_id(std::string_view word) {
    return word.starts_with("Qm") || word.starts_with("baf") || word.starts_with("k51");
}

/// A key in the path of a URL, as providers of Ethereum nodes hand them out:
/// https://host/v3/0123456789abcdef0123456789abcdef.
Found path_key(std::string_view text, std::size_t at) {
    if (text[at] != '/') return std::nullopt;
    const auto end = skip(text, at + 1, [](char c) {
        return is_alphabetic(c) || is_decimal(c) || c == '_' || c == '-';
    });
    if (!is_path_key(text.substr(at + 1, end - at - 1))) return std::nullopt;
    // Only in a URL: folders and images have such names too.
    auto url = before(text, at);
    if (const auto blank = url.find_last_of(" \t\r\n\"'"); blank != std::string_view::npos)
        url.remove_prefix(blank + 1);
    static constexpr std::array<std::string_view, 4> k_schemes{"http://", "https://", "ws://",
                                                               "wss://"};
    const bool web = std::ranges::any_of(
        k_schemes, [&](auto scheme) { return url.find(scheme) != std::string_view::npos; });
    return web ? Found{Span{at + 1, end}} : Found{};
}

// --- names and their values

constexpr std::array<std::string_view, 30> k_endings{
    "password",       "passwd",        "passphrase",  "secret",      "token",       "apikey",
    "api_key",        "api-key",       "api.key",     "access_key",  "access-key",  "accesskey",
    "secret_key",     "secret-key",    "private_key", "private-key", "privatekey",  "signing_key",
    "encryption_key", "pwd",           "_pass",       "-pass",       "requirepass", "masterauth",
    "_auth",          "authorization", "cookie",      "credentials", "session_id",  "sessionid"};

/// Values that go on to the end of the line: "Authorization: Bearer …", "Cookie: a=b; c=d", the
/// words of a wallet.
bool takes_line(std::string_view name) {
    return name.ends_with("authorization") || name.ends_with("cookie") || name.ends_with("mnemonic")
           || name.ends_with("seed_phrase");
}

/// Where a quoted text ends whose opening quote (maybe escaped, as JSON in JSON) is `open`.
std::size_t quoted_end(std::string_view text, std::size_t at, std::string_view open) {
    if (open.size() > 1) return std::min(text.find(open, at), text.size());
    while (at < text.size() && text[at] != open.front() && text[at] != '\n')
        at += text[at] == '\\' ? 2 : 1;
    return std::min(at, text.size());
}

std::string_view quote_at(std::string_view text, std::size_t at) {
    const std::size_t size = text.substr(at, 1) == "\\" ? 2 : 1;
    if (at + size > text.size() || !is_quote(text[at + size - 1])) return {};
    return text.substr(at, size);
}

Span value_at(std::string_view text, std::size_t at, std::string_view name) {
    if (const auto quote = quote_at(text, at); !quote.empty())
        return {at + quote.size(), quoted_end(text, at + quote.size(), quote)};
    if (takes_line(name)) {
        const auto end =
            skip(text, at, [](char c) { return c != '\n' && c != '\r' && !is_quote(c); });
        return {at, end};
    }
    // Whatever else may end it (a comma, a bracket) may as well be part of it.
    return {at, skip(text, at, [](char c) { return !is_space(c) && !is_quote(c); })};
}

Found not_empty(Span span) {
    return span.end > span.begin ? Found{span} : Found{};
}

/// "Bearer …", "Basic …": only what looks made by a machine, since prose has these words too.
Found credential(std::string_view text, std::size_t at) {
    constexpr std::size_t k_least = 8;
    if (at >= text.size() || !is_blank(text[at])) return std::nullopt;
    const auto begin = skip(text, at, is_blank);
    const auto end = skip(text, begin, [](char c) { return is_token(c) || c == '.' || c == '/'; });
    const auto word = text.substr(begin, end - begin);
    const bool made = std::ranges::any_of(word, [](char c) { return is_decimal(c) || c == '='; });
    return word.size() >= k_least && made ? Found{Span{begin, end}} : Found{};
}

/// What follows a word without "=" or ":": a flag's value, SQL's PASSWORD '…', redis-cli -a ….
Found spoken_value(std::string_view text, std::size_t start, std::size_t end,
                   const std::string& name) {
    const auto begin = skip(text, end, is_blank);
    if (begin == end || begin >= text.size()) return std::nullopt;
    const bool flag = text[start] == '-' && names_secret(name);
    const bool redis =
        name == "-a" && before(text, start).find("redis-cli") != std::string_view::npos;
    const bool quoted =
        is_quote(text[begin])
        && (name == "password"
            || (name == "by" && to_lower(before(text, start)).ends_with("identified ")));
    if (!(flag || redis) && !quoted) return std::nullopt;
    return text[begin] == '-' ? Found{} : not_empty(value_at(text, begin, ""));
}

Found named_value(std::string_view text, std::size_t at) {
    constexpr std::size_t k_longest_name = 100;
    if (!starts_word(text, at) || !is_name(text[at])) return std::nullopt;
    const auto end = skip(text, at, is_name);
    if (end - at > k_longest_name) return std::nullopt;
    const auto name = to_lower(text.substr(at, end - at));
    if (name == "bearer" || name == "basic") return credential(text, end);
    if (auto spoken = spoken_value(text, at, end, name)) return spoken;
    if (!names_secret(name)) return std::nullopt;
    auto next = end + quote_at(text, end).size();
    next = skip(text, next, is_blank);
    if (next >= text.size() || (text[next] != '=' && text[next] != ':')) return std::nullopt;
    next = skip(text, next, [](char c) { return c == '=' || c == ':' || c == '>'; });
    next = skip(text, next, is_blank);
    return not_empty(value_at(text, next, name));
}

// --- what is a secret by its own form

constexpr std::array<std::string_view, 22> k_prefixes{
    "ghp_",  "gho_",     "ghs_",     "ghu_",     "ghr_", "github_pat_", "glpat-", "xoxb-",
    "xoxp-", "xoxa-",    "xoxr-",    "xoxs-",    "npm_", "pypi-",       "AIza",   "hvs.",
    "sk-",   "sk_live_", "sk_test_", "rk_live_", "AKIA", "ASIA"};

/// header.payload.signature, each in base64 (RFC 7519).
bool is_web_token(std::string_view word) {
    constexpr std::size_t k_least = 20;
    return word.starts_with("eyJ") && word.size() >= k_least && std::ranges::count(word, '.') == 2;
}

bool has_known_prefix(std::string_view word) {
    constexpr std::size_t k_least_rest = 12;
    return std::ranges::any_of(k_prefixes, [&](auto prefix) {
        return word.starts_with(prefix) && word.size() >= prefix.size() + k_least_rest;
    });
}

bool is_hex(std::string_view word) {
    return word.starts_with("0x") && std::ranges::all_of(word.substr(2), [](unsigned char c) {
               return std::isxdigit(c) != 0;
           });
}

/// 0x and 64 digits: a private key, or a transaction's hash, which nobody can tell from one.
bool is_wallet_key(std::string_view word) {
    constexpr std::size_t k_size = 66;
    return word.size() == k_size && is_hex(word);
}

/// 0x and 40 digits: the address of an account or a contract, which is public.
bool is_address(std::string_view word) {
    constexpr std::size_t k_size = 42;
    return word.size() == k_size && is_hex(word);
}

bool is_random(std::string_view word) {
    constexpr std::size_t k_least = 32;
    return word.size() >= k_least && !is_content_id(word) && !is_address(word)
           && std::ranges::any_of(word, is_decimal) && std::ranges::any_of(word, is_lower)
           && std::ranges::any_of(word, is_upper);
}

/// A token that says what it is.
Found known_token(std::string_view text, std::size_t at) {
    if (at > 0 && is_token(text[at - 1])) return std::nullopt;
    const auto end = skip(text, at, [](char c) { return is_token(c) || c == '.'; });
    const auto word = text.substr(at, end - at);
    return is_web_token(word) || has_known_prefix(word) ? Found{Span{at, end}} : Found{};
}

Found token(std::string_view text, std::size_t at) {
    if (at > 0 && is_token(text[at - 1])) return std::nullopt;
    if (auto known = known_token(text, at)) return known;
    const auto end = skip(text, at, is_token);
    const auto word = text.substr(at, end - at);
    return is_wallet_key(word) || is_random(word) ? Found{Span{at, end}} : Found{};
}

/// A private key in PEM, to its end or that of the text.
Found pem(std::string_view text, std::size_t at) {
    constexpr std::string_view k_begin = "-----BEGIN ";
    if (!text.substr(at).starts_with(k_begin)) return std::nullopt;
    const auto line_end = text.find("-----", at + k_begin.size());
    if (line_end == std::string_view::npos
        || text.substr(at, line_end - at).find("PRIVATE KEY") == std::string_view::npos)
        return std::nullopt;
    const auto end = text.find("-----END ", line_end);
    return Span{line_end + 5, end == std::string_view::npos ? text.size() : end};
}

// --- whole URLs

/// The URL whose "://" stands at `at`, from its scheme to the end of the word.
Found whole_url(std::string_view text, std::size_t at) {
    if (text.substr(at, 3) != "://") return std::nullopt;
    auto begin = at;
    while (begin > 0 && (is_name(text[begin - 1]) || text[begin - 1] == '+'))
        --begin;
    const auto end = skip(text, at + 3, [](char c) {
        return !is_space(c) && !is_quote(c) && c != '<' && c != '>' && c != '\\';
    });
    return Span{begin, end};
}

/// A log line may have been cut within the password: then no '@' ends it.
std::string masked_url(std::string_view url, bool at_end) {
    auto masked = mask_url(url);
    if (!at_end || url.find('@') != std::string_view::npos) return masked;
    const auto start = url.find("://") + 3;
    const auto colon = url.find(':', start);
    const bool user = colon != std::string_view::npos && url[start] != '['
                      && colon < url.find_first_of("/?#", start)
                      && !may_be_port(url.substr(colon + 1)) && colon + 1 < url.size();
    return user ? std::string{url.substr(0, colon + 1)}.append(k_masked) : masked;
}

using Form = Found (*)(std::string_view, std::size_t);

std::string mask_in_place(std::string_view text, std::span<const Form> forms) {
    std::string masked;
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto url = text[at] == ':' ? whole_url(text, at) : Found{};
        auto found = url && url->begin >= done ? url : Found{};
        const bool whole = found.has_value();
        for (auto form = forms.begin(); !found && form != forms.end(); ++form)
            found = (*form)(text, at);
        if (!found) continue;
        masked += text.substr(done, found->begin - done);
        const auto hidden = text.substr(found->begin, found->end - found->begin);
        masked += whole ? masked_url(hidden, found->end == text.size()) : std::string{k_masked};
        done = found->end;
        at = std::max(done, at + 1) - 1;
    }
    masked += text.substr(done);
    return masked;
}

} // namespace

bool names_secret(std::string_view name) {
    auto lower = to_lower(name);
    while (!lower.empty() && is_decimal(lower.back()))
        lower.pop_back();
    while (!lower.empty() && lower.front() == '-')
        lower.erase(0, 1);
    if (lower == "pass" || lower == "auth" || takes_line(lower)) return true;
    if (lower.find("password") != std::string::npos || lower.find("secret") != std::string::npos)
        return true;
    return std::ranges::any_of(k_endings, [&](auto ending) { return lower.ends_with(ending); });
}

std::vector<Span> secrets_in(std::string_view text) {
    constexpr std::array k_forms{pem, user_part, path_key, named_value, token};
    std::vector<Span> all;
    std::size_t at = 0;
    while (at < text.size()) {
        Found found;
        for (const auto form : k_forms) {
            found = form(text, at);
            if (found) break;
        }
        if (found) {
            all.push_back(*found);
            at = std::max(found->end, at + 1);
        } else {
            ++at;
        }
    }
    return all;
}

std::string mask_text(std::string_view text) {
    std::string masked;
    std::size_t at = 0;
    for (const auto& span : secrets_in(text)) {
        masked += text.substr(at, span.begin - at);
        masked += k_masked;
        at = span.end;
    }
    masked += text.substr(at);
    return masked;
}

std::string mask_shown(std::string_view text) {
    constexpr std::array<Form, 3> k_forms{pem, named_value, known_token};
    return mask_in_place(text, k_forms);
}

std::string mask_urls(std::string_view text) {
    return mask_in_place(text, {});
}

} // namespace core
