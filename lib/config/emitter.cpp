// SPDX-License-Identifier: MIT
#include "config/emitter.hpp"

#include "config/types.hpp"
#include "config/walk.hpp"
#include "config/yaml.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace config {
namespace {

constexpr std::size_t k_comment_column = 46;

std::string flow_list(const std::vector<std::string>& parts) {
    std::vector<std::string> quoted;
    quoted.reserve(parts.size());
    for (const auto& part : parts)
        quoted.push_back(escaped_scalar(part));
    return "[" + core::join(quoted, ", ") + "]";
}

std::string owner_of(const Fields& fields, const std::string& fallback) {
    const auto name = std::ranges::find(fields, "name", &Field::key);
    if (name == fields.end() || !is_set(*name)) return fallback;
    return format(*name);
}

bool is_section(const Field& field) {
    return std::holds_alternative<Group>(field.slot) || std::holds_alternative<List>(field.slot)
           || std::holds_alternative<Named>(field.slot);
}

} // namespace

std::string escaped_scalar(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '$') escaped += '$';
        escaped += c;
    }
    return yaml::scalar(escaped);
}

std::string Emitter::run(const Fields& fields) {
    m_out.clear();
    write_fields(fields, {});
    return std::exchange(m_out, {});
}

void Emitter::put(int indent, const std::string& text, const std::string& comment) {
    std::string line(static_cast<std::size_t>(indent) * 2, ' ');
    if (std::exchange(m_dash, false)) line.replace(line.size() - 2, 2, "- ");
    line += text;
    if (!comment.empty()) {
        const auto width = core::display_width(line);
        line += std::string(width < k_comment_column ? k_comment_column - width : 2, ' ');
        line += "# " + comment;
    }
    m_out += line + "\n";
}

/// A section is written when it holds something to write, and an empty list that a file gave.
bool Emitter::has_content(const Field& field, const std::string& path) const {
    if (field.given != nullptr && *field.given) return true;
    if (!is_set(field)) return false;
    if (!is_section(field)) return m_style.wanted(path, field);
    bool found = false;
    walk({field}, path.substr(0, path.size() - std::min(path.size(), field.key.size() + 1)),
         [&](const std::string& below, const Field& inner) {
             found = found || (!is_section(inner) && m_style.wanted(below, inner));
         });
    return found;
}

void Emitter::write_fields(const Fields& fields, const Level& level) {
    for (const auto& field : fields) {
        if (!has_content(field, join_path(level.path, field.key))) continue;
        const std::string heading = level.path.empty() ? m_style.heading(field) : std::string{};
        if (!heading.empty()) m_out += "\n# " + heading + "\n";
        write_field(field, level);
    }
}

void Emitter::write_field(const Field& field, const Level& level) {
    const std::string path = join_path(level.path, field.key);
    const std::string key{field.key};
    if (const auto* group = std::get_if<Group>(&field.slot)) {
        if (!group->present()) return;
        put(level.indent, key + ":", {});
        return write_fields(group->open(), {path, key, level.indent + 1});
    }
    if (const auto* list = std::get_if<List>(&field.slot)) {
        const bool none = list->items().empty();
        put(level.indent, key + (none ? ": []" : ":"), {});
        return write_list(*list, {path, key, level.indent + 1});
    }
    if (const auto* named = std::get_if<Named>(&field.slot)) {
        put(level.indent, key + ":", {});
        for (const auto& [name, inner] : named->items()) {
            put(level.indent + 1, escaped_scalar(name) + ":", {});
            write_fields(inner, {join_path(path, name), name, level.indent + 2});
        }
        return;
    }
    if (field.type == Type::texts || field.type == Type::secrets || field.type == Type::tree)
        return write_map(field, level);
    put(level.indent, key + ": " + value_of(field, level, path), m_style.comment(path));
}

void Emitter::write_list(const List& list, const Level& level) {
    const auto items = list.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
        m_dash = true;
        write_fields(items[i], {fmt::format("{}[{}]", level.path, i),
                                owner_of(items[i], level.owner), level.indent + 1});
        m_dash = false;
    }
}

void Emitter::write_map(const Field& field, const Level& level) {
    const std::string path = join_path(level.path, field.key);
    put(level.indent, std::string{field.key} + ":", {});
    const auto line = [&](const std::string& key, const std::string& value) {
        put(level.indent + 1, yaml::scalar(key) + ": " + value,
            m_style.comment(join_path(path, key)));
    };
    if (const auto* texts = std::get_if<std::map<std::string, std::string>*>(&field.slot)) {
        for (const auto& [key, value] : **texts)
            line(key, escaped_scalar(value));
    }
    if (const auto* secrets = std::get_if<std::map<std::string, core::Secret>*>(&field.slot)) {
        for (const auto& [key, value] : **secrets)
            line(key, m_style.secret(join_path(path, key), level.owner));
    }
}

std::string Emitter::value_of(const Field& field, const Level& level,
                              const std::string& path) const {
    if (field.type == Type::secret || field.type == Type::secret_url)
        return m_style.secret(path, level.owner);
    if (const auto* words = std::get_if<std::vector<std::string>*>(&field.slot))
        return flow_list(**words);
    if (const auto* codes = std::get_if<std::vector<int>*>(&field.slot))
        return (*codes)->size() == 1 ? format(field) : "[" + format(field) + "]";
    if (field.type == Type::flag || field.type == Type::whole || field.type == Type::number
        || field.type == Type::share || field.type == Type::duration)
        return format(field);
    return escaped_scalar(format(field));
}

} // namespace config
