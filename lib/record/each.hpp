// SPDX-License-Identifier: MIT
//
// Walks everything that a struct of a recording holds (fields.hpp) for the values of one kind.
#pragma once

#include "record/fields.hpp"

#include <concepts>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace record {

// --- every text, wherever it stands

/// Replaces each text below `text` by what `change` makes of it; the keys of maps stay.
template <class Change>
void each_text(std::string& text, const Change& change) {
    text = change(std::move(text));
}

template <class Change>
void each_text(std::set<std::string>& texts, const Change& change);
template <class Value, class Change>
void each_text(std::optional<Value>& value, const Change& change);
template <class Value, class Change>
void each_text(std::vector<Value>& list, const Change& change);
template <class Value, class Change>
void each_text(std::map<std::string, Value>& map, const Change& change);
template <class Value, class Change>
void each_text(core::Result<Value>& result, const Change& change);

template <Described Record, class Change>
void each_text(Record& record, const Change& change) {
    each_field(record, [&](std::string_view, auto& field) {
        if constexpr (requires { each_text(field, change); }) each_text(field, change);
    });
}

template <class Change>
void each_text(std::set<std::string>& texts, const Change& change) {
    std::set<std::string> changed;
    for (const auto& text : texts)
        changed.insert(change(text));
    texts = std::move(changed);
}

template <class Value, class Change>
void each_text(std::optional<Value>& value, const Change& change) {
    if constexpr (requires { each_text(*value, change); }) {
        if (value) each_text(*value, change);
    }
}

template <class Value, class Change>
void each_text(std::vector<Value>& list, const Change& change) {
    if constexpr (requires { each_text(list.front(), change); }) {
        for (auto& each : list)
            each_text(each, change);
    }
}

template <class Value, class Change>
void each_text(std::map<std::string, Value>& map, const Change& change) {
    if constexpr (requires(Value& value) { each_text(value, change); }) {
        for (auto& [key, value] : map)
            each_text(value, change);
    }
}

template <class Value, class Change>
void each_text(core::Result<Value>& result, const Change& change) {
    if (!result)
        each_text(result.error(), change);
    else if constexpr (requires { each_text(*result, change); })
        each_text(*result, change);
}

// --- every secret

/// Calls `visit(name, secret)` for each secret below `field`; the name is that of the secret's
/// field, in a map its key: "password", "Authorization".
template <class Field, class Visit>
void each_secret(std::string_view name, Field& field, const Visit& visit) {
    using Type = std::remove_const_t<Field>;
    if constexpr (std::same_as<Type, core::Secret>) {
        visit(name, field);
    } else if constexpr (Described<Field>) {
        each_field(field, [&](std::string_view inner_name, auto& inner) {
            each_secret(inner_name, inner, visit);
        });
    } else if constexpr (requires { typename Type::mapped_type; }) {
        for (auto& [key, value] : field)
            each_secret(key, value, visit);
    } else if constexpr (requires { field.has_value(); }) {
        if (field) each_secret(name, *field, visit);
    } else if constexpr (std::ranges::range<Field> && !std::same_as<Type, std::string>) {
        for (auto& value : field)
            each_secret(name, value, visit);
    }
}

} // namespace record
