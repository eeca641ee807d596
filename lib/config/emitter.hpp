// SPDX-License-Identifier: MIT
#pragma once

#include "config/fields.hpp"

#include <functional>
#include <string>
#include <vector>

namespace config {

/// What differs between the texts that are made of a configuration.
struct EmitStyle {
    /// Whether a value is written at all.
    std::function<bool(const std::string& path, const Field& field)> wanted{};
    /// What stands for a secret; `owner` is the name of the item that holds it.
    std::function<std::string(const std::string& path, const std::string& owner)> secret{};
    /// Comment behind a value; empty for none.
    std::function<std::string(const std::string& path)> comment{};
    /// Comment above a section of the top level; empty for none.
    std::function<std::string(const Field& field)> heading{};
};

/// Writes the values behind a key table as YAML that `parse` reads back.
class Emitter {
  public:
    explicit Emitter(EmitStyle style) : m_style(std::move(style)) {}

    /// Returns the YAML of `fields`.
    [[nodiscard]] std::string run(const Fields& fields);

  private:
    /// One level of the output: what the lines of its keys begin with.
    struct Level {
        std::string path{};
        std::string owner{};
        int indent = 0;
    };

    void write_fields(const Fields& fields, const Level& level);
    void write_field(const Field& field, const Level& level);
    void write_list(const List& list, const Level& level);
    void write_map(const Field& field, const Level& level);
    void put(int indent, const std::string& text, const std::string& comment);
    [[nodiscard]] bool has_content(const Field& field, const std::string& path) const;
    [[nodiscard]] std::string value_of(const Field& field, const Level& level,
                                       const std::string& path) const;

    EmitStyle m_style;
    std::string m_out{};
    bool m_dash = false; ///< the next line begins an item of a list
};

/// Returns `text` as a YAML scalar in which the reader replaces nothing.
[[nodiscard]] std::string escaped_scalar(const std::string& text);

} // namespace config
