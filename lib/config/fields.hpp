// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The one table of the configuration's keys. The parser, the schema, `config show` and the key
/// tables of docs/configuration.md walk it; the defaults are those of the structs.
namespace config {

/// What may stand behind a key: decides reading, checking, the schema and the text in the docs.
enum class Type : std::uint8_t {
    text,
    name,       ///< a short word, unique among its neighbours
    http_url,   ///< http:// or https://
    docker_url, ///< unix://, tcp://, http:// or https://
    redis_url,  ///< redis:// or rediss://
    dsn,        ///< Postgres connection string
    file,       ///< path, relative to the configuration file's folder
    secret,
    secret_url, ///< http:// or https://, secret as a whole
    flag,
    whole,    ///< a number without a fraction, not negative
    number,   ///< not negative
    share,    ///< 0% to 100%
    duration, ///< longer than nothing
    statuses, ///< HTTP status code or list of them
    words,    ///< list of words, or one
    networks, ///< list of addresses and networks, or one
    address,  ///< Ethereum address
    method,   ///< GET or HEAD
    pattern,  ///< text, or re:… for a regular expression
    expected, ///< running, completed, absent
    when,     ///< change, problem, always
    texts,    ///< map of texts
    secrets,  ///< map of texts that may be secret
    tree,     ///< map of texts, nested at will, kept with dotted keys
    unread,   ///< known, but not read by this version
    section,
    sections,      ///< list of maps
    named_sections ///< map of maps
};

struct Field;
using Fields = std::vector<Field>;

/// A section that is there once, or not at all.
struct Group {
    std::function<bool()> present{};
    std::function<Fields()> open{}; ///< creates it where it is absent
};

/// A list of sections. A pointer into an item is valid until the next `add`.
struct List {
    std::function<std::vector<Fields>()> items{};
    std::function<Fields()> add{};
    bool one_is_enough = false;    ///< a map may stand for a list of one
    std::string_view short_form{}; ///< the key that a bare text stands for: hosts: ["unix:///…"]
};

/// A map of sections by name.
struct Named {
    std::function<std::vector<std::pair<std::string, Fields>>()> items{};
    std::function<Fields(const std::string&)> add{};
};

/// Where the value of a key lives in a Config.
using Slot = std::variant<std::monostate, std::string*, core::Secret*, bool*, int*, std::int64_t*,
                          double*, core::Percent*, core::Duration*, std::optional<core::Duration>*,
                          std::optional<int>*, std::optional<std::uint64_t>*,
                          std::optional<Expected>*, When*, std::vector<int>*,
                          std::vector<std::string>*, std::map<std::string, std::string>*,
                          std::map<std::string, core::Secret>*, Group, List, Named>;

enum class Need : std::uint8_t { optional, required };

/// One known key.
struct Field {
    std::string_view key{};
    Type type = Type::text;
    Need need = Need::optional;
    std::string_view doc{}; ///< one or two sentences, for the schema and the docs
    Slot slot{};
    bool* given = nullptr; ///< set when a file has the key
};

/// Returns the keys of the whole file, bound to `config`.
[[nodiscard]] Fields fields_of(Config& config);

} // namespace config
