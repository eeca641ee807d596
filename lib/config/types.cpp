// SPDX-License-Identifier: MIT
#include "config/types.hpp"

#include "config/forms.hpp"
#include "core/address.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace config {
namespace {

constexpr TypeInfo k_types[] = {
    {Type::text, "a text", "", R"({"type": ["string", "number"]})"},
    {Type::name, "a name", "", R"({"type": ["string", "number"], "minLength": 1})"},
    {Type::http_url, "a URL", "http://host:port/path",
     R"({"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://|\\$\\{"})"},
    {Type::docker_url, "the URL of an Engine", "unix:///var/run/docker.sock or tcp://host:2376",
     R"({"type": "string", "pattern": "^(unix|tcp|https?)://|\\$\\{"})"},
    {Type::redis_url, "the URL of a Redis", "redis://host:6379/0",
     R"({"type": "string", "pattern": "^rediss?://|\\$\\{"})"},
    {Type::dsn, "a Postgres connection string", "host=127.0.0.1 port=5432 user=… dbname=…",
     R"({"type": "string", "minLength": 1})"},
    {Type::file, "a path", "/path/to/file", R"({"type": "string", "minLength": 1})"},
    {Type::secret, "a secret", "${NAME} or file:/path/to/file",
     R"({"type": ["string", "number"], "description": "${NAME}, file:/path, or the secret itself in a file that only its owner can read."})"},
    {Type::secret_url, "a URL", "https://host/path, ${NAME} or file:/path/to/file",
     R"({"type": "string", "description": "${NAME}, file:/path, or the URL itself in a file that only its owner can read."})"},
    {Type::flag, "true or false", "",
     R"({"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^(true|false)$|\\$\\{"}]})"},
    {Type::whole, "a whole number", "10",
     R"({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+$|\\$\\{"}]})"},
    {Type::number, "a number", "1.5",
     R"({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+([.][0-9]+)?$|\\$\\{"}]})"},
    {Type::share, "a share", "80%",
     R"({"type": "string", "pattern": "^ *[0-9]+([.][0-9]+)? *% *$|\\$\\{"})"},
    {Type::duration, "a length of time", "5s (ms, s, m, h or d)",
     R"({"type": "string", "pattern": "^ *[0-9]+([.][0-9]+)? *(ms|s|m|min|h|d) *$|\\$\\{"})"},
    {Type::statuses, "an HTTP status code or a list of them", "[200, 204]",
     R"({"anyOf": [{"type": "integer", "minimum": 100, "maximum": 599}, {"type": "string"}, {"type": "array", "minItems": 1, "items": {"anyOf": [{"type": "integer", "minimum": 100, "maximum": 599}, {"type": "string"}]}}]})"},
    {Type::words, "a list of words", "[one, two]",
     R"({"anyOf": [{"type": ["string", "number"]}, {"type": "array", "items": {"type": ["string", "number"]}}]})"},
    {Type::networks, "a list of addresses and networks", "[10.0.0.0/8, 2001:db8::1]",
     R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})"},
    {Type::address, "an Ethereum address", "0x and 40 hexadecimal digits, in quotes",
     R"({"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$|\\$\\{"})"},
    {Type::method, "GET or HEAD", "", R"({"enum": ["GET", "HEAD"]})"},
    {Type::pattern, "a text or re:…", "re:\"status\": *\"ok\"",
     R"({"type": ["string", "number"]})"},
    {Type::expected, "running, completed or absent", "",
     R"({"enum": ["running", "completed", "absent"]})"},
    {Type::when, "change, problem or always", "", R"({"enum": ["change", "problem", "always"]})"},
    {Type::texts, "a map of texts", "{name: text}",
     R"({"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}})"},
    {Type::secrets, "a map of texts", "{name: text}",
     R"({"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}})"},
    {Type::tree, "a map", "{name: text}", R"({"type": "object"})"},
    {Type::unread, "anything", "", "{}"},
    {Type::section, "a map", "", ""},
    {Type::sections, "a list of maps", "", ""},
    {Type::named_sections, "a map of maps", "", ""},
};

std::string in_quotes(std::string_view text) {
    return fmt::format("'{}'", core::cut_middle(core::printable(text), 60));
}

std::string suggested_share(std::string_view text) {
    const auto number = parse_number<double>(text);
    if (!number || *number < 0 || *number > 100 || !std::isfinite(*number)) return {};
    const bool fraction = *number <= 1 && text.find('.') != std::string_view::npos;
    return core::format_number(fraction ? *number * 100 : *number, 3) + "%";
}

std::string suggested_duration(std::string_view text) {
    const auto number = parse_number<double>(text);
    if (number && *number > 0 && *number < 1e6) return core::format_number(*number, 3) + "s";
    const std::string lower = core::to_lower(text);
    return core::parse_duration(lower) ? lower : std::string{};
}

template <class Number>
Outcome store_whole(Number& slot, const Field& field, const std::string& path,
                    const std::string& text) {
    const auto number = parse_number<Number>(text);
    if (!number || std::cmp_less(*number, 0)) return wrong(field, path);
    slot = *number;
    return std::nullopt;
}

std::string_view word(Expected expected) {
    switch (expected) {
    case Expected::running:
        return "running";
    case Expected::completed:
        return "completed";
    case Expected::absent:
        return "absent";
    }
    return "running";
}

std::string_view word(When when) {
    switch (when) {
    case When::change:
        return "change";
    case When::problem:
        return "problem";
    case When::always:
        return "always";
    }
    return "change";
}

/// Stores a text in whatever the slot points to.
struct Store {
    const Field& field;
    const std::string& path;
    const std::string& text;

    Outcome operator()(std::string* slot) const {
        if (auto complaint = check_text(field, path, text)) return complaint;
        *slot = text;
        return std::nullopt;
    }

    Outcome operator()(core::Secret* slot) const {
        if (auto complaint = check_text(field, path, text)) return complaint;
        *slot = core::Secret{text};
        return std::nullopt;
    }

    Outcome operator()(bool* slot) const {
        const std::string lower = core::to_lower(core::trim(text));
        if (lower != "true" && lower != "false") return wrong(field, path);
        *slot = lower == "true";
        return std::nullopt;
    }

    Outcome operator()(int* slot) const { return store_whole(*slot, field, path, text); }

    Outcome operator()(std::int64_t* slot) const { return store_whole(*slot, field, path, text); }

    Outcome operator()(std::optional<int>* slot) const {
        return store_whole(slot->emplace(), field, path, text);
    }

    Outcome operator()(std::optional<std::uint64_t>* slot) const {
        return store_whole(slot->emplace(), field, path, text);
    }

    Outcome operator()(double* slot) const {
        const auto number = parse_number<double>(text);
        if (!number || !std::isfinite(*number) || *number < 0) return wrong(field, path);
        *slot = *number;
        return std::nullopt;
    }

    Outcome operator()(core::Percent* slot) const {
        const auto share = core::parse_percent(text);
        if (!share) return wrong(field, path, suggested_share(text));
        if (share->value > 100)
            return Complaint{
                fmt::format("{} is a share: {} is more than the whole", path, in_quotes(text)), {}};
        *slot = *share;
        return std::nullopt;
    }

    Outcome operator()(core::Duration* slot) const {
        const auto span = core::parse_duration(text);
        if (!span) return wrong(field, path, suggested_duration(text));
        if (span->count() == 0) return Complaint{path + " must be longer than nothing", {}};
        *slot = *span;
        return std::nullopt;
    }

    Outcome operator()(std::optional<core::Duration>* slot) const {
        return (*this)(&slot->emplace());
    }

    Outcome operator()(std::optional<Expected>* slot) const {
        if (text == "running")
            *slot = Expected::running;
        else if (text == "completed")
            *slot = Expected::completed;
        else if (text == "absent")
            *slot = Expected::absent;
        else
            return wrong(field, path);
        return std::nullopt;
    }

    Outcome operator()(When* slot) const {
        for (const auto when : {When::change, When::problem, When::always}) {
            if (text != word(when)) continue;
            *slot = when;
            return std::nullopt;
        }
        return wrong(field, path);
    }

    /// One more status of the list; the reader empties the list before.
    Outcome operator()(std::vector<int>* slot) const {
        const auto status = parse_number<int>(text);
        if (!status || *status < 100 || *status > 599) return wrong(field, path);
        slot->push_back(*status);
        return std::nullopt;
    }

    Outcome operator()(std::vector<std::string>* slot) const {
        if (text.empty()) return Complaint{path + " is empty", {}};
        if (field.type == Type::networks && !core::parse_network(text)) return wrong(field, path);
        slot->push_back(text);
        return std::nullopt;
    }

    template <class Collection>
    Outcome operator()(const Collection& /*slot*/) const {
        return wrong(field, path);
    }
};

/// The text of one value; the counterpart of Store.
struct Format {
    Type type;

    std::string text(const std::string& value) const {
        if (type == Type::dsn) return core::mask_dsn(value);
        return value.find("://") == std::string::npos ? value : core::mask_url(value);
    }

    std::string text(const core::Secret& value) const {
        return value.empty() ? std::string{} : std::string{core::k_masked};
    }

    std::string text(bool value) const { return value ? "true" : "false"; }

    std::string text(double value) const { return core::format_number(value, 9); }

    std::string text(core::Percent value) const {
        return core::format_number(value.value, 9) + "%";
    }

    std::string text(core::Duration value) const { return core::format_duration_exact(value); }

    std::string text(Expected value) const { return std::string{word(value)}; }

    std::string text(When value) const { return std::string{word(value)}; }

    std::string text(int value) const { return fmt::format("{}", value); }

    std::string text(std::int64_t value) const { return fmt::format("{}", value); }

    std::string text(std::uint64_t value) const { return fmt::format("{}", value); }

    std::string text(const std::vector<int>& value) const {
        return fmt::format("{}", fmt::join(value, ", "));
    }

    std::string text(const std::vector<std::string>& value) const {
        return core::join(value, ", ");
    }

    template <class Value>
    std::string text(const std::optional<Value>& value) const {
        return value ? text(*value) : std::string{};
    }

    template <class Slot>
    std::string operator()(const Slot& slot) const {
        if constexpr (requires { text(*slot); })
            return text(*slot);
        else
            return {};
    }
};

} // namespace

const TypeInfo& info(Type type) {
    const auto found = std::ranges::find(k_types, type, &TypeInfo::type);
    return found == std::end(k_types) ? k_types[0] : *found;
}

std::optional<Complaint> assign(const Field& field, const std::string& path,
                                const std::string& text) {
    if (auto complaint = check_controls(field, path, text)) return complaint;
    return std::visit(Store{field, path, text}, field.slot);
}

std::string format(const Field& field) {
    return std::visit(Format{field.type}, field.slot);
}

} // namespace config
