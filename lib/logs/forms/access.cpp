// SPDX-License-Identifier: MIT
#include "logs/forms/all.hpp"
#include "logs/forms/cut.hpp"
#include "logs/forms/request.hpp"
#include "logs/stamp.hpp"

namespace logs {
namespace {

std::string_view unless_dash(std::string_view text) {
    return text == "-" ? std::string_view{} : text;
}

/// What operators add behind the combined format: a request's time in seconds, `rt=0.012`, the
/// addresses of X-Forwarded-For.
void read_rest(std::string_view rest, Request& request) {
    while (skip_blanks(rest), !rest.empty()) {
        if (rest.front() == '"') {
            const auto text = take_quoted(rest);
            if (!text) return;
            const auto first = text->substr(0, text->find(','));
            if (request.forwarded.empty() && is_address(first)) request.forwarded = *text;
            continue;
        }
        auto word = take_word(rest);
        const auto equals = word.find('=');
        if (equals != std::string_view::npos) word.remove_prefix(equals + 1);
        const bool fraction = word.find('.') != std::string_view::npos;
        if (const auto seconds = number_of<double>(word); seconds && fraction && !request.seconds)
            request.seconds = seconds;
    }
}

/// Who may stand at the beginning: an address, or a name where addresses are looked up.
bool is_client(std::string_view word) {
    return !word.empty() && (is(word.front(), k_word) || word.front() == '[' || word.front() == ':')
           && word.find('"') == std::string_view::npos;
}

} // namespace

bool parse_access(std::string_view line, FormContext& context, Event& event) {
    auto rest = line;
    const auto client = take_word(rest);
    if (!is_client(client)) return false;
    // A user's name may hold blanks: it ends where the time begins.
    const auto bracket = rest.find(" [");
    if (bracket == std::string_view::npos || bracket > 256) return false;
    const auto stamp = stamp_at(rest, bracket + 2, context.now);
    if (!stamp || stamp->end + 1 >= rest.size() || rest[stamp->end] != ']') return false;
    auto user = rest.substr(0, bracket);
    skip_blanks(user);
    take_word(user);
    skip_blanks(user);
    rest.remove_prefix(stamp->end + 1);
    if (!take(rest, ' ')) return false;
    auto tail = rest;
    const auto request_line = take_quoted(tail);
    if (!request_line || !take(tail, ' ')) return false;
    const auto status = number_of<int>(take_word(tail));
    if (!status || *status < 0 || *status > 999) return false;

    Request request;
    request.client = without_port(client);
    request.user = unless_dash(user);
    request.status = *status;
    read_request_line(*request_line, request);
    skip_blanks(tail);
    request.bytes = number_of<std::int64_t>(take_word(tail));
    skip_blanks(tail);
    if (const auto referer = take_quoted(tail)) request.referer = unless_dash(*referer);
    skip_blanks(tail);
    if (const auto agent = take_quoted(tail)) request.agent = unless_dash(*agent);
    read_rest(tail, request);
    event.time = stamp->time;
    event.message = rest;
    event.request = request;
    return true;
}

} // namespace logs
