// SPDX-License-Identifier: MIT
#include "logs/token.hpp"

#include <array>
#include <utility>

namespace logs {

std::string_view placeholder(Kind kind) {
    static constexpr std::array<std::string_view, 16> k_texts{
        "",      "<*>",   "<num>",  "<name>", "<time>", "<duration>", "<size>", "<ip>",
        "<mac>", "<url>", "<mail>", "<path>", "<uuid>", "<hex>",      "<cid>",  "<address>"};
    return k_texts.at(static_cast<std::size_t>(std::to_underlying(kind)));
}

} // namespace logs
