// SPDX-License-Identifier: MIT
#include "logs/shape.hpp"

#include "logs/scanner.hpp"

namespace logs {
namespace {

constexpr std::size_t k_most_example = 1024;

} // namespace

std::uint64_t hash_of_shape(std::span<const Token> tokens) {
    std::uint64_t hash = tokens.size();
    for (std::size_t i = 0; i < tokens.size(); ++i)
        hash += share_of_token(tokens[i].hash, i);
    return hash;
}

Shape make_shape(std::uint64_t hash, std::string_view message, std::span<const Token> tokens) {
    Shape shape;
    shape.hash = hash;
    shape.example = message.substr(0, k_most_example);
    shape.parts.reserve(tokens.size());
    std::size_t end = 0;
    for (const auto& token : tokens) {
        auto& part = shape.parts.emplace_back();
        part.hash = token.hash;
        part.kind = token.kind;
        part.sign = token.sign;
        part.blank_before = token.begin > end && message[token.begin - 1] == ' ';
        part.text = text_of(message, token);
        end = token.end;
    }
    return shape;
}

std::string text_of(const Shape& shape) {
    std::string text;
    for (const auto& part : shape.parts) {
        if (part.blank_before && !text.empty()) text += ' ';
        text += part.text;
    }
    return text;
}

} // namespace logs
