// SPDX-License-Identifier: MIT
#include "logs/miner.hpp"

#include "logs/cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace logs {
namespace {

std::string id_of(const std::string& text) {
    return fmt::format("T{:06x}", hash_of(text) & 0xffffffU);
}

bool more_frequent(const Shape* a, const Shape* b) {
    if (a->seen.count != b->seen.count) return a->seen.count > b->seen.count;
    return a < b;
}

} // namespace

Placed Miner::add(const Event& event, Stream stream) {
    bool is_new = false;
    const auto tokens = m_scanner.scan(event.message);
    const auto hash = hash_of_shape(tokens);
    auto number = m_slots.find(hash);
    if (number == Slots::k_none) {
        number = find_merged(hash, tokens);
        if (number == Slots::k_none) {
            if (m_open >= m_most) make_room();
            number = static_cast<std::uint32_t>(m_shapes.size());
            m_shapes.push_back(make_shape(hash, event.message, tokens));
            ++m_open;
            is_new = true;
        }
        m_slots.insert(hash, number);
    }
    const auto root = root_of(number);
    const bool other = root == Shape::k_other;
    (other ? m_other : m_shapes[root].seen).add(event, stream);
    return {number, is_new, other ? &m_other_marks : &m_shapes[root].marks};
}

std::vector<std::uint32_t> Miner::absorb(Miner& other, Stream stream) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(other.m_shapes.size());
    other.m_other.rename(0, stream);
    m_other.add(other.m_other);
    for (auto& shape : other.m_shapes) {
        // One that was merged has counted where it went; only its number may still be asked for.
        auto number = shape.is_open() ? m_slots.find(shape.hash) : Slots::k_none;
        shape.seen.rename(0, stream);
        if (number == Slots::k_none) {
            if (shape.is_open() && m_open >= m_most) make_room();
            number = static_cast<std::uint32_t>(m_shapes.size());
            if (shape.is_open()) {
                ++m_open;
                m_slots.insert(shape.hash, number);
            }
            m_shapes.push_back(std::move(shape));
        } else {
            const auto root = root_of(number);
            auto& seen = root == Shape::k_other ? m_other : m_shapes[root].seen;
            seen.add(shape.seen);
            if (root != Shape::k_other) m_shapes[root].marks |= shape.marks;
        }
        numbers.push_back(number);
    }
    // What was merged over there points to a number of there.
    for (std::size_t i = 0; i < numbers.size() && m_numbers == Numbers::keep; ++i) {
        const auto target = other.m_shapes[i].merged_into;
        if (target < numbers.size()) m_shapes[numbers[i]].merged_into = numbers[target];
    }
    return numbers;
}

/// Looks for a template that takes the message as it is but for one word, where it has a parameter.
std::uint32_t Miner::find_merged(std::uint64_t hash, std::span<const Token> tokens) const {
    for (std::size_t place = 1; place < tokens.size(); ++place) {
        if (tokens[place].kind != Kind::literal || tokens[place].sign) continue;
        const auto merged = hash - share_of_token(tokens[place].hash, place)
                            + share_of_token(k_parameter_hash, place);
        const auto number = m_slots.find(merged);
        if (number != Slots::k_none && root_of(number) != Shape::k_other) return number;
    }
    return Slots::k_none;
}

/// The shape that this one has become part of, or Shape::k_other.
std::uint32_t Miner::root_of(std::uint32_t number) const {
    while (number != Shape::k_other && !m_shapes[number].is_open())
        number = m_shapes[number].merged_into;
    return number;
}

void Miner::make_room() {
    merge_similar(m_shapes);
    drop_rarest();
    if (m_numbers == Numbers::forget) forget_numbers();
    m_slots.clear();
    m_open = 0;
    for (std::uint32_t i = 0; i < m_shapes.size(); ++i) {
        if (!m_shapes[i].is_open()) continue;
        ++m_open;
        m_slots.insert(m_shapes[i].hash, i);
    }
}

/// Half of the room is free afterwards.
void Miner::drop_rarest() {
    std::vector<Shape*> open;
    for (auto& shape : m_shapes)
        if (shape.is_open()) open.push_back(&shape);
    const auto kept = static_cast<std::ptrdiff_t>(m_most / 2);
    if (std::ssize(open) <= kept) return;
    std::ranges::nth_element(open, open.begin() + kept, more_frequent);
    for (auto at = open.begin() + kept; at != open.end(); ++at) {
        Shape& rare = **at;
        m_other.add(rare.seen);
        rare.merged_into = Shape::k_other;
        rare.parts = {};
        rare.example = {};
    }
}

void Miner::forget_numbers() {
    std::erase_if(m_shapes, [](const Shape& shape) { return !shape.is_open(); });
}

Mined Miner::finish() {
    merge_similar(m_shapes);
    std::vector<const Shape*> open;
    for (const auto& shape : m_shapes)
        if (shape.is_open() && shape.seen.count > 0) open.push_back(&shape);
    std::ranges::sort(open, more_frequent);
    Mined mined;
    mined.other = m_other;
    std::unordered_map<std::string, std::uint32_t> by_text;
    std::unordered_map<const Shape*, std::uint32_t> by_shape;
    for (const auto* shape : open) {
        // Shapes that differ in what a template does not show are one.
        auto text = text_of(*shape);
        const auto [at, fresh] =
            by_text.emplace(text, static_cast<std::uint32_t>(mined.templates.size()));
        by_shape.emplace(shape, at->second);
        if (fresh) {
            auto id = id_of(text);
            mined.templates.push_back(
                {std::move(id), std::move(text), shape->example, shape->seen});
        } else {
            mined.templates[at->second].seen.add(shape->seen);
        }
    }
    if (m_numbers == Numbers::forget) return mined;
    mined.template_of.reserve(m_shapes.size());
    for (std::uint32_t i = 0; i < m_shapes.size(); ++i) {
        const auto root = root_of(i);
        mined.template_of.push_back(root == Shape::k_other ? Mined::k_other
                                                           : by_shape.at(&m_shapes[root]));
    }
    return mined;
}

} // namespace logs
