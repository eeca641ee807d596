// SPDX-License-Identifier: MIT
#include "probe/access_line.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace probe {
namespace {

std::string_view without_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// The number that `text` begins with, when it is a status: three digits from 100 to 599, and no
/// fourth.
std::optional<int> leading_status(std::string_view text) {
    int status = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), status);
    if (problem != std::errc{} || end != text.data() + 3 || status < 100 || status > 599)
        return std::nullopt;
    return status;
}

/// What follows `"GET /path HTTP/1.1"`; nothing when no such request stands in the line.
std::optional<std::string_view> after_request(std::string_view line) {
    const auto protocol = line.find(" HTTP/");
    if (protocol == std::string_view::npos) return std::nullopt;
    const auto open = line.substr(0, protocol).find('"');
    const auto close = line.find('"', protocol);
    if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
    return line.substr(close + 1);
}

/// The value behind `"name":`, without the quotes of a text.
std::string_view json_value(std::string_view line, std::string_view name) {
    for (auto at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
        const auto end = at + name.size();
        if (at == 0 || line[at - 1] != '"' || end >= line.size() || line[end] != '"') continue;
        auto rest = without_blanks(line.substr(end + 1));
        if (!rest.starts_with(':')) continue;
        rest = without_blanks(rest.substr(1));
        if (rest.starts_with('"')) rest.remove_prefix(1);
        return rest;
    }
    return {};
}

std::optional<int> json_status(std::string_view line) {
    static constexpr std::array<std::string_view, 6> k_request{
        "method", "request_method", "path", "uri", "request_uri", "request"};
    static constexpr std::array<std::string_view, 3> k_status{"status", "status_code",
                                                              "statusCode"};
    const bool of_request =
        std::ranges::any_of(k_request, [&](auto name) { return !json_value(line, name).empty(); });
    if (!of_request) return std::nullopt;
    for (const auto name : k_status)
        if (const auto status = leading_status(json_value(line, name))) return status;
    return std::nullopt;
}

} // namespace

std::optional<int> answered_status(std::string_view line) {
    line = core::trim(line);
    if (line.starts_with('{')) return json_status(line);
    const auto rest = after_request(line);
    return rest ? leading_status(without_blanks(*rest)) : std::nullopt;
}

} // namespace probe
