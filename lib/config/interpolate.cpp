// SPDX-License-Identifier: MIT
#include "config/interpolate.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace config {
namespace {

constexpr int k_most_nesting = 10;

bool starts_name(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t name_length(std::string_view text) {
    if (text.empty() || !starts_name(text.front())) return 0;
    const auto end = std::ranges::find_if_not(
        text, [](char c) { return starts_name(c) || (c >= '0' && c <= '9'); });
    return static_cast<std::size_t>(end - text.begin());
}

/// Returns where the "}" stands that closes the "${" before `text`.
std::size_t closing_brace(std::string_view text) {
    int depth = 1;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '$' && at + 1 < text.size() && text[at + 1] == '{') ++depth;
        if (text[at] == '}' && --depth == 0) return at;
    }
    return std::string_view::npos;
}

class Interpolation {
  public:
    Interpolation(const Lookup& lookup, Dialect dialect) : m_lookup(lookup), m_dialect(dialect) {}

    using Done = std::expected<void, std::string>;

    Done run(std::string_view text, int depth) {
        if (depth > k_most_nesting) return std::unexpected("references are nested too deep");
        while (!text.empty()) {
            const auto dollar = std::min(text.find('$'), text.size());
            put_literal(text.substr(0, dollar));
            text.remove_prefix(dollar);
            if (text.empty()) break;
            auto used = reference(text, depth);
            if (!used) return std::unexpected(std::move(used).error());
            text.remove_prefix(*used);
        }
        return {};
    }

    Interpolated take() { return std::move(m_out); }

  private:
    using Used = std::expected<std::size_t, std::string>;

    void put_literal(std::string_view text) {
        m_out.text += text;
        m_out.literal += text;
        if (m_within > 0) m_out.defaults += text;
    }

    /// Puts the word of a reference, where its variable does not count.
    Done put_word(std::string_view word, int depth) {
        ++m_within;
        auto done = run(word, depth + 1);
        --m_within;
        return done;
    }

    std::optional<std::string> value_of(const std::string& name) {
        if (std::ranges::find(m_out.names, name) == m_out.names.end()) m_out.names.push_back(name);
        return m_lookup(name);
    }

    /// Replaces what starts with the "$" at the front of `text`; returns how much of it was used.
    Used reference(std::string_view text, int depth) {
        if (text.starts_with("$$")) {
            put_literal("$");
            return 2;
        }
        if (text.starts_with("${")) {
            const auto end = closing_brace(text.substr(2));
            if (end == std::string_view::npos) return std::unexpected("'${' without its '}'");
            auto done = braced(text.substr(2, end), depth);
            if (!done) return std::unexpected(std::move(done).error());
            return end + 3;
        }
        if (m_dialect == Dialect::own) {
            put_literal("$");
            return 1;
        }
        const auto length = name_length(text.substr(1));
        if (length == 0) return std::unexpected("a lone '$'; write '$$' for the character");
        m_out.text += value_of(std::string{text.substr(1, length)}).value_or("");
        return length + 1;
    }

    Done braced(std::string_view inside, int depth) {
        const auto length = name_length(inside);
        const std::string name{inside.substr(0, length)};
        std::string_view rest = inside.substr(length);
        if (name.empty()) return std::unexpected("'${' must be followed by a variable's name");
        const bool colon = rest.starts_with(":");
        if (colon) rest.remove_prefix(1);
        const char mode = rest.empty() ? '\0' : rest.front();
        if ((colon && mode == '\0')
            || std::string_view{"\0-?+", 4}.find(mode) == std::string_view::npos)
            return std::unexpected(
                fmt::format("'${{{}' must go on with '}}', ':-default' or ':?message'", name));
        return apply(name, mode, colon, rest.empty() ? rest : rest.substr(1), depth);
    }

    Done apply(const std::string& name, char mode, bool colon, std::string_view word, int depth) {
        const auto value = value_of(name);
        const bool missing = !value || (colon && value->empty());
        if (mode == '+') return missing ? Done{} : put_word(word, depth);
        if (!missing) {
            m_out.text += *value;
            // A default is part of the file also when it is not used.
            if (mode == '-') note_default(literal_part(word, depth));
            return {};
        }
        if (mode == '-') return put_word(word, depth);
        if (mode == '?' && m_dialect == Dialect::own)
            return std::unexpected(fmt::format("the variable {} is {}: {}", name,
                                               value ? "empty" : "not set",
                                               word.empty() ? "it is required" : word));
        if (m_dialect == Dialect::own)
            return std::unexpected(fmt::format("the variable {} is not set", name));
        return {};
    }

    void note_default(const std::string& text) {
        m_out.literal += text;
        m_out.defaults += text;
    }

    std::string literal_part(std::string_view word, int depth) {
        Interpolation aside(m_lookup, m_dialect);
        auto done = aside.run(word, depth + 1);
        return done ? aside.m_out.literal : std::string{word};
    }

    const Lookup& m_lookup;
    Dialect m_dialect;
    int m_within = 0; ///< references whose word is being read
    Interpolated m_out{};
};

} // namespace

std::expected<Interpolated, std::string> interpolate(std::string_view text, const Lookup& lookup,
                                                     Dialect dialect) {
    Interpolation interpolation(lookup, dialect);
    auto done = interpolation.run(text, 0);
    if (!done) return std::unexpected(std::move(done).error());
    return interpolation.take();
}

} // namespace config
