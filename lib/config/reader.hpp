// SPDX-License-Identifier: MIT
#pragma once

#include "config/fields.hpp"
#include "config/load.hpp"
#include "config/types.hpp"
#include "config/yaml.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace config {

/// Reads a tree into the structs behind the key table, and collects what is wrong.
class Reader {
  public:
    Reader(Loaded& out, std::filesystem::path file, const Environment& env);

    /// Reads the whole file.
    void read(const yaml::Value& root);

    /// Notes a mistake at a key (where it stands, or its nearest parent that stands somewhere).
    void complain(const std::string& path, const std::string& message,
                  const std::string& hint = {});

    /// Notes that the text of `path` holds a secret in the open.
    void note_literal_secret(const std::string& path);

    /// Returns whether `path` was given and read without a mistake.
    [[nodiscard]] bool good(const std::string& path) const;

    /// Returns what of the value at `path` stands in the file itself.
    [[nodiscard]] std::string literal(const std::string& path) const;

    /// Returns the line of a key, 0 where it was not given.
    [[nodiscard]] int line(const std::string& path) const;

    /// Takes over the origin of `from` for `to`, which was made out of it.
    void inherit(const std::string& from, const std::string& to);

  private:
    void read_section(const Fields& fields, const yaml::Value& node, const std::string& path);
    void read_field(const Field& field, const yaml::Value& node, const std::string& path);
    void read_list(const Field& field, const yaml::Value& node, const std::string& path);
    void read_item(const List& list, const yaml::Value& node, const std::string& path);
    void read_named(const Field& field, const yaml::Value& node, const std::string& path);
    void read_values(const Field& field, const yaml::Value& node, const std::string& path);
    void read_map(const Field& field, const yaml::Value& node, const std::string& path);
    void read_tree(const Field& field, const yaml::Value& node, const std::string& path,
                   const std::string& key);
    void read_value(const Field& field, const yaml::Value& node, const std::string& path);
    void read_secret_value(const Field& field, const yaml::Value& node, const std::string& path);

    [[nodiscard]] bool is_map(const yaml::Value& node, const std::string& path,
                              std::string_view noun);
    [[nodiscard]] std::optional<std::string> value(const Field& field, const yaml::Value& node,
                                                   const std::string& path);
    void store(const Field& field, const std::string& path, const std::string& text);
    void report_unknown(const Fields& fields, const yaml::Entry& entry, const std::string& parent);
    void set_origin(const std::string& path, const yaml::Value& node,
                    const std::vector<std::string>& names);
    [[nodiscard]] std::filesystem::path beside(const std::string& path) const;

    Loaded& m_out;
    std::filesystem::path m_file;
    const Environment& m_env;
    std::map<std::string, yaml::Mark> m_marks{};
    std::map<std::string, std::string> m_literals{};
    std::map<std::string, std::string> m_open{}; ///< what of a secret would stand in the open
    std::map<std::string, bool> m_bad{};
};

/// Completes what was read: default names, passwords out of DSNs and URLs, and the rules that
/// concern more than one key.
void complete(Config& config, Reader& reader);

} // namespace config
