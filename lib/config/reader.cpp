// SPDX-License-Identifier: MIT
#include "config/reader.hpp"

#include "config/interpolate.hpp"
#include "config/secrets.hpp"
#include "config/walk.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace config {
namespace {

std::string shown(std::string_view text) {
    return core::cut_middle(core::printable(text), 60);
}

/// Tags of YAML's own types say nothing new; others come from another program's dialect.
bool is_own_tag(std::string_view tag) {
    return tag.empty() || tag.starts_with("tag:yaml.org,2002:");
}

std::vector<std::string> keys_of(const Fields& fields) {
    std::vector<std::string> keys;
    for (const auto& field : fields)
        keys.emplace_back(field.key);
    return keys;
}

/// Returns the one section that has a key of this name, for a key that stands in the wrong place.
std::string section_with(std::string_view key) {
    std::vector<std::string> found;
    walk_known([&](const std::string& path, const Field& field) {
        if (field.key == key && path.size() > key.size())
            found.push_back(path.substr(0, path.size() - key.size() - 1));
    });
    if (found.size() != 1) return {};
    return found.front().substr(0, found.front().find('['));
}

bool is_header_value(std::string_view text) {
    return text.find_first_of("\r\n") == std::string_view::npos;
}

bool is_header_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
        return c > 0x20 && c < 0x7F
               && std::string_view{"()<>@,;:\\\"/[]?={}"}.find(static_cast<char>(c))
                      == std::string_view::npos;
    });
}

} // namespace

Reader::Reader(Loaded& out, std::filesystem::path file, const Environment& env)
    : m_out(out), m_file(std::move(file)), m_env(env) {}

void Reader::complain(const std::string& path, const std::string& message,
                      const std::string& hint) {
    m_bad[path] = true;
    std::string at = path;
    while (!m_marks.contains(at) && !at.empty()) {
        const auto end = at.find_last_of(".[");
        at.resize(end == std::string::npos ? 0 : end);
    }
    const auto mark = m_marks[at];
    m_out.errors.push_back(
        {mark.line, mark.column, path, core::printable(message), core::printable(hint)});
}

void Reader::note_literal_secret(const std::string& path) {
    const auto mark = m_marks[path];
    m_out.literal_secrets.push_back({mark.line,
                                     mark.column,
                                     path,
                                     path + " is written out in a file that others can read",
                                     {}});
}

bool Reader::good(const std::string& path) const {
    return m_marks.contains(path) && !m_bad.contains(path);
}

std::string Reader::literal(const std::string& path) const {
    const auto found = m_literals.find(path);
    return found == m_literals.end() ? std::string{} : found->second;
}

int Reader::line(const std::string& path) const {
    const auto found = m_marks.find(path);
    return found == m_marks.end() ? 0 : found->second.line;
}

void Reader::inherit(const std::string& from, const std::string& to) {
    auto& config = m_out.config;
    if (const auto origin = config.origins.find(from); origin != config.origins.end())
        config.origins[to] = origin->second;
    if (const auto source = config.sources.find(from); source != config.sources.end())
        config.sources[to] = source->second;
}

std::filesystem::path Reader::beside(const std::string& path) const {
    return (m_file.parent_path() / path).lexically_normal();
}

void Reader::set_origin(const std::string& path, const yaml::Value& node,
                        const std::vector<std::string>& names) {
    std::string source =
        fmt::format("{}:{}", m_file.empty() ? "file" : m_file.filename().string(), node.mark.line);
    if (!names.empty()) {
        source.clear();
        for (const auto& name : names)
            source += fmt::format("{}${{{}}}", source.empty() ? "" : ", ", name);
    }
    m_out.config.origins[path] = names.empty() ? Origin::file : Origin::environment;
    m_out.config.sources[path] = core::printable(source);
}

void Reader::read(const yaml::Value& root) {
    m_marks[""] = {1, 1};
    if (root.kind == yaml::Kind::null) return;
    if (root.kind != yaml::Kind::map) {
        m_marks[""] = root.mark;
        complain("", "the file must hold keys: 'project: NAME', 'endpoints:', …");
        return;
    }
    read_section(fields_of(m_out.config), root, "");
}

bool Reader::is_map(const yaml::Value& node, const std::string& path, std::string_view noun) {
    if (node.kind == yaml::Kind::map) return true;
    if (node.kind == yaml::Kind::null)
        complain(path, path + " is empty", "write its keys below it, or leave it out");
    else
        complain(path, fmt::format("{} is {}: write its keys below it", path, noun));
    return false;
}

void Reader::read_section(const Fields& fields, const yaml::Value& node, const std::string& path) {
    for (const auto& entry : node.entries) {
        const bool extension = path.empty() && entry.key.starts_with("x-");
        if (extension) continue;
        const auto field = std::ranges::find(fields, entry.key, &Field::key);
        if (field == fields.end()) {
            report_unknown(fields, entry, path);
            continue;
        }
        const std::string key = join_path(path, entry.key);
        m_marks[key] = entry.mark;
        read_field(*field, *entry.value, key);
    }
    for (const auto& field : fields) {
        if (field.need == Need::required && node.find(field.key) == nullptr)
            complain(join_path(path, field.key),
                     fmt::format("{} is missing", join_path(path, field.key)));
    }
}

void Reader::report_unknown(const Fields& fields, const yaml::Entry& entry,
                            const std::string& parent) {
    const std::string path = join_path(parent, shown(entry.key));
    const auto keys = keys_of(fields);
    std::string hint = "known here: " + core::join(keys, ", ");
    if (const auto section = section_with(entry.key); !section.empty())
        hint = fmt::format("'{}' belongs under '{}'", entry.key, section);
    else if (const auto near = core::nearest(entry.key, keys))
        hint = fmt::format("did you mean '{}'?", *near);
    m_out.errors.push_back(
        {entry.mark.line, entry.mark.column, path, fmt::format("unknown key '{}'", path), hint});
}

void Reader::read_field(const Field& field, const yaml::Value& node, const std::string& path) {
    if (field.given != nullptr) *field.given = true;
    if (!is_own_tag(node.tag)) {
        complain(path, fmt::format("{}: the tag '{}' means nothing here", path, shown(node.tag)));
        return;
    }
    switch (field.type) {
    case Type::unread:
        m_out.notes.push_back({m_marks[path].line,
                               m_marks[path].column,
                               path,
                               fmt::format("'{}' is not read by this version", path),
                               {}});
        return;
    case Type::section:
        if (is_map(node, path, "a map"))
            read_section(std::get<Group>(field.slot).open(), node, path);
        return;
    case Type::sections:
        return read_list(field, node, path);
    case Type::named_sections:
        return read_named(field, node, path);
    case Type::texts:
    case Type::secrets:
        return read_map(field, node, path);
    case Type::tree:
        if (is_map(node, path, "a map")) read_tree(field, node, path, "");
        return;
    case Type::statuses:
    case Type::words:
    case Type::networks:
        return read_values(field, node, path);
    case Type::secret:
    case Type::secret_url:
        return read_secret_value(field, node, path);
    default:
        return read_value(field, node, path);
    }
}

void Reader::read_list(const Field& field, const yaml::Value& node, const std::string& path) {
    const auto& list = std::get<List>(field.slot);
    if (node.kind == yaml::Kind::sequence) {
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            const std::string item = fmt::format("{}[{}]", path, i);
            m_marks[item] = node.items[i]->mark;
            read_item(list, *node.items[i], item);
        }
        return;
    }
    const bool one = node.kind == yaml::Kind::map && list.one_is_enough;
    const bool short_one = node.kind == yaml::Kind::scalar && !list.short_form.empty();
    if (one || short_one) {
        m_marks[path + "[0]"] = node.mark;
        return read_item(list, node, path + "[0]");
    }
    if (node.kind == yaml::Kind::null)
        return complain(path, path + " is empty", "write [] for none, or leave it out");
    complain(path, path + " is a list: write '- ' before each item");
}

void Reader::read_item(const List& list, const yaml::Value& node, const std::string& path) {
    const Fields fields = list.add();
    if (node.kind == yaml::Kind::scalar && !list.short_form.empty()) {
        const auto field = std::ranges::find(fields, list.short_form, &Field::key);
        const std::string key = join_path(path, list.short_form);
        m_marks[key] = node.mark;
        return read_field(*field, node, key);
    }
    if (is_map(node, path, "a map")) read_section(fields, node, path);
}

void Reader::read_named(const Field& field, const yaml::Value& node, const std::string& path) {
    if (!is_map(node, path, "a map of names")) return;
    for (const auto& entry : node.entries) {
        const std::string key = join_path(path, shown(entry.key));
        m_marks[key] = entry.mark;
        if (entry.key.empty()) {
            complain(path, path + " has an empty name");
            continue;
        }
        const Fields inner = std::get<Named>(field.slot).add(entry.key);
        if (is_map(*entry.value, key, "a map")) read_section(inner, *entry.value, key);
    }
}

void Reader::read_values(const Field& field, const yaml::Value& node, const std::string& path) {
    if (auto* codes = std::get_if<std::vector<int>*>(&field.slot)) (*codes)->clear();
    if (auto* words = std::get_if<std::vector<std::string>*>(&field.slot)) (*words)->clear();
    if (node.kind != yaml::Kind::sequence) return read_value(field, node, path);
    if (node.items.empty() && field.type == Type::statuses)
        return complain(path, path + " is empty", "write at least one status");
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const std::string item = fmt::format("{}[{}]", path, i);
        m_marks[item] = node.items[i]->mark;
        read_value(field, *node.items[i], item);
        inherit(item, path);
        m_out.config.origins.erase(item);
        m_out.config.sources.erase(item);
        if (!good(item)) m_bad[path] = true;
    }
}

void Reader::read_map(const Field& field, const yaml::Value& node, const std::string& path) {
    if (!is_map(node, path, "a map")) return;
    const auto* secrets = std::get_if<std::map<std::string, core::Secret>*>(&field.slot);
    const auto* texts = std::get_if<std::map<std::string, std::string>*>(&field.slot);
    for (const auto& entry : node.entries) {
        const std::string key = join_path(path, shown(entry.key));
        m_marks[key] = entry.mark;
        if (secrets != nullptr) {
            auto& slot = (**secrets)[entry.key];
            read_secret_value({entry.key, Type::secret, Need::optional, {}, &slot}, *entry.value,
                              key);
            if (!is_header_name(entry.key)) complain(key, key + ": no header has such a name");
            if (!is_header_value(slot.reveal())) complain(key, key + ": a header is one line");
        } else if (texts != nullptr) {
            auto& slot = (**texts)[entry.key];
            read_value({entry.key, Type::text, Need::optional, {}, &slot}, *entry.value, key);
        }
    }
}

void Reader::read_tree(const Field& field, const yaml::Value& node, const std::string& path,
                       const std::string& key) {
    if (node.kind == yaml::Kind::map) {
        for (const auto& entry : node.entries) {
            const std::string below = join_path(path, shown(entry.key));
            m_marks[below] = entry.mark;
            read_tree(field, *entry.value, below, join_path(key, entry.key));
        }
        return;
    }
    if (node.kind == yaml::Kind::sequence) {
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            const std::string item = fmt::format("{}[{}]", path, i);
            m_marks[item] = node.items[i]->mark;
            read_tree(field, *node.items[i], item, fmt::format("{}[{}]", key, i));
        }
        return;
    }
    auto& slot = (*std::get<std::map<std::string, std::string>*>(field.slot))[key];
    read_value({field.key, Type::text, Need::optional, {}, &slot}, node, path);
}

std::optional<std::string> Reader::value(const Field& field, const yaml::Value& node,
                                         const std::string& path) {
    const auto& type = info(field.type);
    if (node.kind == yaml::Kind::null) {
        complain(path, path + " is empty",
                 type.example.empty() ? std::string{"write a value, or leave it out"}
                                      : fmt::format("write {}, or leave it out", type.example));
        return std::nullopt;
    }
    if (node.kind != yaml::Kind::scalar) {
        complain(path,
                 fmt::format("{} is {}, not {}", path, type.noun,
                             node.kind == yaml::Kind::map ? "a map" : "a list"),
                 type.example.empty() ? std::string{} : fmt::format("write {}", type.example));
        return std::nullopt;
    }
    auto done = interpolate(node.text, m_env, Dialect::own);
    if (!done) {
        complain(path, fmt::format("{}: {}", path, done.error()));
        return std::nullopt;
    }
    set_origin(path, node, done->names);
    m_literals[path] = done->literal;
    // "Bearer ${TOKEN}", "${URL}/fail": what stands beside is no secret, a default may be one.
    m_open[path] = done->names.empty() ? done->literal : done->defaults;
    return std::move(done->text);
}

void Reader::store(const Field& field, const std::string& path, const std::string& text) {
    if (auto complaint = assign(field, path, text))
        complain(path, complaint->message, complaint->hint);
}

void Reader::read_value(const Field& field, const yaml::Value& node, const std::string& path) {
    const auto text = value(field, node, path);
    if (!text) return;
    // YAML reads 0x… as a number in other programs; here it is text in any case.
    const bool relative_file = field.type == Type::file && !text->empty();
    store(field, path, relative_file ? beside(*text).string() : *text);
}

void Reader::read_secret_value(const Field& field, const yaml::Value& node,
                               const std::string& path) {
    const auto text = value(field, node, path);
    if (!text) return;
    constexpr std::string_view k_file = "file:";
    // Only the file itself can ask for another file: a password that begins so is a password.
    if (node.text.starts_with(k_file)) {
        auto secret = read_secret(beside(text->substr(k_file.size())));
        if (!secret) return complain(path, fmt::format("{}: {}", path, secret.error()));
        return store(field, path, *secret);
    }
    const bool is_header = path.find(".headers.") != std::string::npos;
    const bool open_header = is_header && !is_secret_name(field.key);
    const bool is_whole = field.type == Type::secret && !is_header; // a password, each letter of it
    if (!(is_whole ? literal(path) : m_open[path]).empty() && !open_header)
        note_literal_secret(path);
    store(field, path, *text);
}

} // namespace config
