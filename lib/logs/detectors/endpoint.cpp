// SPDX-License-Identifier: MIT
#include "logs/detectors/endpoint.hpp"

#include "core/text.hpp"
#include "logs/values.hpp"
#include "logs/word_kind.hpp"

namespace logs {
namespace {

constexpr std::size_t k_most_parts = 6;
constexpr std::size_t k_longest_part = 40;

std::string_view shown_part(std::string_view part) {
    if (const auto value = value_at(part, 0); value && value.end == part.size())
        return placeholder(value.kind);
    const auto kind = kind_of_word(part);
    if (kind != Kind::literal) return placeholder(kind);
    return part.size() > k_longest_part ? "<name>" : part;
}

} // namespace

std::string endpoint_of(const Request& request) {
    if (request.method.empty()) return "no HTTP";
    auto path = request.target.substr(0, request.target.find_first_of("?#"));
    std::string endpoint{request.method};
    endpoint += ' ';
    if (path.empty() || path == "/") return endpoint += '/';
    for (std::size_t parts = 0; !path.empty(); ++parts) {
        if (parts == k_most_parts) return endpoint += "/…";
        if (path.front() == '/') path.remove_prefix(1);
        const auto part = path.substr(0, path.find('/'));
        path.remove_prefix(part.size());
        endpoint += '/';
        if (!part.empty()) endpoint += core::printable(shown_part(part));
    }
    return endpoint;
}

} // namespace logs
