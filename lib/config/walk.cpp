// SPDX-License-Identifier: MIT
#include "config/walk.hpp"

#include <fmt/format.h>

namespace config {

bool is_set(const Field& field) {
    return std::visit(
        [](const auto& slot) {
            using S = std::decay_t<decltype(slot)>;
            if constexpr (std::is_same_v<S, std::monostate>)
                return false;
            else if constexpr (std::is_same_v<S, Group>)
                return slot.present();
            else if constexpr (std::is_same_v<S, List> || std::is_same_v<S, Named>)
                return !slot.items().empty();
            else if constexpr (requires { slot->has_value(); })
                return slot->has_value();
            else if constexpr (requires { slot->empty(); })
                return !slot->empty();
            else
                return true;
        },
        field.slot);
}

std::string join_path(std::string_view parent, std::string_view key) {
    return parent.empty() ? std::string{key} : fmt::format("{}.{}", parent, key);
}

void walk(const Fields& fields, const std::string& parent,
          const std::function<void(const std::string&, const Field&)>& visit) {
    for (const auto& field : fields) {
        if (!is_set(field)) continue;
        const std::string path = join_path(parent, field.key);
        visit(path, field);
        if (const auto* one = std::get_if<Group>(&field.slot)) walk(one->open(), path, visit);
        if (const auto* many = std::get_if<List>(&field.slot)) {
            const auto items = many->items();
            for (std::size_t i = 0; i < items.size(); ++i)
                walk(items[i], fmt::format("{}[{}]", path, i), visit);
        }
        if (const auto* by_name = std::get_if<Named>(&field.slot)) {
            for (const auto& [name, inner] : by_name->items())
                walk(inner, join_path(path, name), visit);
        }
    }
}

namespace {

void walk_known(const Fields& fields, const std::string& parent,
                const std::function<void(const std::string&, const Field&)>& visit) {
    for (const auto& field : fields) {
        const std::string path = join_path(parent, field.key);
        visit(path, field);
        if (const auto* one = std::get_if<Group>(&field.slot)) walk_known(one->open(), path, visit);
        if (const auto* many = std::get_if<List>(&field.slot))
            walk_known(many->add(), path + "[]", visit);
        if (const auto* by_name = std::get_if<Named>(&field.slot))
            walk_known(by_name->add("NAME"), path + ".NAME", visit);
    }
}

} // namespace

void walk_known(const std::function<void(const std::string&, const Field&)>& visit) {
    Config defaults;
    walk_known(fields_of(defaults), "", visit);
}

std::string known_path(std::string_view path) {
    std::string known;
    bool inside = false;
    for (const char c : path) {
        if (c == ']') inside = false;
        if (!inside) known += c;
        if (c == '[') inside = true;
    }
    constexpr std::string_view k_services = "services.";
    if (!known.starts_with(k_services)) return known;
    const auto last = known.rfind('.');
    return last < k_services.size() ? "services.NAME" : "services.NAME" + known.substr(last);
}

} // namespace config
