// SPDX-License-Identifier: MIT
#include "config/forms.hpp"

#include "config/locator.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace config {

Complaint wrong(const Field& field, const std::string& path, std::string_view suggestion) {
    const auto& type = info(field.type);
    const std::string_view write = suggestion.empty() ? type.example : suggestion;
    if (write.empty()) return {fmt::format("{} is {}", path, type.noun), {}};
    return {fmt::format("{} is {}: write {}", path, type.noun, write), {}};
}

namespace {

Outcome check_http_url(const std::string& path, const std::string& text) {
    const auto url = parse_url(text);
    if (!url) return Complaint{path + ": " + url.error(), "write http://host:port/path"};
    if (url->scheme != "http" && url->scheme != "https")
        return Complaint{fmt::format("{} must start with http:// or https://", path), {}};
    return std::nullopt;
}

Outcome check_docker_url(const std::string& path, const std::string& text) {
    if (text.starts_with("unix://")) {
        if (text.size() > 8 && text[7] == '/') return std::nullopt;
        return Complaint{path + ": a socket needs its absolute path",
                         "write unix:///var/run/docker.sock"};
    }
    if (text.starts_with("ssh://"))
        return Complaint{path + ": ssh:// is not supported",
                         "forward the socket, 'ssh -L /tmp/docker.sock:/var/run/docker.sock HOST', "
                         "and write unix:///tmp/docker.sock"};
    const auto url = parse_url(text);
    if (!url)
        return Complaint{path + ": " + url.error(),
                         "write unix:///var/run/docker.sock or tcp://host:2376"};
    if (url->scheme != "tcp" && url->scheme != "http" && url->scheme != "https")
        return Complaint{
            fmt::format("{} must start with unix://, tcp://, http:// or https://", path), {}};
    if (url->has_user)
        return Complaint{path + ": an Engine knows no user; it wants cert_file and key_file", {}};
    return std::nullopt;
}

Outcome check_redis_url(const std::string& path, const std::string& text) {
    const auto url = parse_url(text);
    if (!url) return Complaint{path + ": " + url.error(), "write redis://host:6379/0"};
    if (url->scheme != "redis" && url->scheme != "rediss")
        return Complaint{fmt::format("{} must start with redis:// or rediss://", path), {}};
    const std::string_view rest = url->rest;
    const auto database = rest.starts_with('/') ? rest.substr(1) : rest;
    if (!database.empty() && !parse_number<unsigned>(database))
        return Complaint{path + ": after the host there may only be the number of a database",
                         "write redis://host:6379/0"};
    return std::nullopt;
}

Outcome check_dsn(const std::string& path, const std::string& text) {
    if (core::trim(text).empty()) return Complaint{path + " is empty", {}};
    if (auto dsn = parse_dsn(text); !dsn) return Complaint{path + ": " + dsn.error(), {}};
    return std::nullopt;
}

Outcome check_address(const Field& field, const std::string& path, const std::string& text) {
    const bool hexadecimal =
        text.size() == 42 && text.starts_with("0x")
        && text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string::npos;
    if (hexadecimal) return std::nullopt;
    auto complaint = wrong(field, path);
    complaint.hint = fmt::format("this has {} characters, not 42", core::display_width(text));
    if (text.size() == 42) complaint.hint.clear();
    return complaint;
}

Outcome check_pattern(const std::string& path, const std::string& text) {
    constexpr std::size_t k_longest = 1000;
    if (!text.starts_with("re:")) return std::nullopt;
    if (text.size() > k_longest)
        return Complaint{fmt::format("{}: longer than {} characters", path, k_longest), {}};
    try {
        static_cast<void>(std::regex(text.substr(3), std::regex::ECMAScript));
    } catch (const std::regex_error& failure) {
        return Complaint{fmt::format("{} is not a regular expression: {}", path, failure.what()),
                         {}};
    }
    return std::nullopt;
}

} // namespace

Outcome check_text(const Field& field, const std::string& path, const std::string& text) {
    switch (field.type) {
    case Type::name:
        return core::trim(text).empty() ? Outcome{Complaint{path + " is empty", {}}} : std::nullopt;
    case Type::http_url:
    case Type::secret_url:
        return check_http_url(path, text);
    case Type::docker_url:
        return check_docker_url(path, text);
    case Type::redis_url:
        return check_redis_url(path, text);
    case Type::dsn:
        return check_dsn(path, text);
    case Type::file:
        return text.empty() ? Outcome{Complaint{path + " is empty", {}}} : std::nullopt;
    case Type::address:
        return check_address(field, path, text);
    case Type::method:
        return text == "GET" || text == "HEAD" ? std::nullopt : Outcome{wrong(field, path)};
    case Type::pattern:
        return check_pattern(path, text);
    default:
        return std::nullopt;
    }
}

Outcome check_controls(const Field& field, const std::string& path, const std::string& text) {
    const bool lines =
        field.type == Type::text || field.type == Type::pattern || field.type == Type::secret;
    const auto bad = [lines](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x7F || (byte < 0x20 && !(lines && (c == '\n' || c == '\t' || c == '\r')));
    };
    if (std::ranges::none_of(text, bad)) return std::nullopt;
    return Complaint{path + " holds a control character", {}};
}

} // namespace config
