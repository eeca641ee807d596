// SPDX-License-Identifier: MIT
#include "logs/forms/request.hpp"

#include "logs/forms/cut.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace logs {
namespace {

bool is_method(std::string_view word) {
    return word.size() >= 3 && word.size() <= 20 && std::ranges::all_of(word, [](char c) {
               return is(c, k_upper) || c == '_' || c == '-';
           });
}

bool is_host_or_address(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
        return is(c, k_word) || c == '.' || c == ':' || c == '-' || c == '[' || c == ']'
               || c == '%';
    });
}

} // namespace

void read_request_line(std::string_view line, Request& request) {
    auto rest = line;
    const auto method = take_word(rest);
    const auto protocol = rest.rfind(" HTTP/");
    if (!is_method(method) || rest.empty()) {
        request.target = line;
        return;
    }
    request.method = method;
    // A target may hold blanks: HTTP/0.9, and what scanners send.
    request.target =
        rest.substr(1, protocol == std::string_view::npos || protocol == 0 ? std::string_view::npos
                                                                           : protocol - 1);
}

std::string_view without_port(std::string_view address) {
    if (address.starts_with('[')) {
        const auto end = address.find(']');
        return end == std::string_view::npos ? address : address.substr(1, end - 1);
    }
    const auto colon = address.find(':');
    const bool one =
        colon != std::string_view::npos && address.find(':', colon + 1) == std::string_view::npos;
    return one ? address.substr(0, colon) : address;
}

bool is_address(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN + 1> copy{};
    if (text.size() < 2 || text.size() >= copy.size()) return false;
    std::ranges::copy(text, copy.begin());
    std::array<unsigned char, 16> bytes{};
    const int family = text.find(':') == std::string_view::npos ? AF_INET : AF_INET6;
    return ::inet_pton(family, copy.data(), bytes.data()) == 1;
}

bool read_short_access(std::string_view message, Request& request) {
    const auto client = take_word(message);
    if (!is_host_or_address(client) || !is_address(without_port(client))) return false;
    if (!message.starts_with(" - ")) return false;
    message.remove_prefix(3);
    // Werkzeug: `127.0.0.1 - - [14/Jun/2005 15:22:35] "GET / HTTP/1.1" 200 -`.
    if (take(message, '-')) {
        skip_blanks(message);
        const auto time = take_between(message, '[', ']');
        // A colon for the blank would be the Common Log Format's.
        if (!time || time->size() < 12 || !is(time->front(), k_digit) || (*time)[11] != ' ')
            return false;
        skip_blanks(message);
    }
    const auto line = take_quoted(message);
    if (!line || !take(message, ' ')) return false;
    const auto status = number_of<int>(take_word(message));
    if (!status || *status < 100 || *status > 599) return false;
    request.client = without_port(client);
    request.status = *status;
    read_request_line(*line, request);
    return true;
}

} // namespace logs
