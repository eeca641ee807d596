// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "record/codec.hpp"
#include "record/fields.hpp"
#include "record/limits.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <set>
#include <vector>

namespace record {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(std::string_view file, std::string_view path, std::string_view message) {
    throw core::ConfigError(path.empty() ? fmt::format("{}: {}", file, message)
                                         : fmt::format("{}: {}: {}", file, path, message));
}

/// Returns "line 3, column 7" for the byte at which a parser gave up.
std::string place_of(std::string_view text, std::size_t byte) {
    const auto before = text.substr(0, byte > 0 ? byte - 1 : 0);
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto column = before.size() - (before.rfind('\n') + 1) + 1; // npos + 1 is 0
    return fmt::format("line {}, column {}", line, column);
}

json parse(std::string_view file, std::string_view text) {
    if (text.size() > k_most_bytes)
        refuse(file, {}, fmt::format("larger than {} MiB", k_most_bytes >> 20));
    const auto bounded = [&](int depth, json::parse_event_t, json&) {
        if (depth > k_deepest) refuse(file, {}, "nested too deeply for a recording");
        return true;
    };
    try {
        return json::parse(text, bounded);
    } catch (const json::parse_error& error) {
        const bool cut = error.byte > text.size();
        refuse(file, {},
               fmt::format("{} at {}", cut ? "it ends too early," : "no JSON,",
                           place_of(text, error.byte)));
    } catch (const json::exception&) { // a number that no double holds
        refuse(file, {}, "a number in it is too large");
    }
}

/// Returns what stands at a place, for a message.
std::string found(const json& value) {
    if (value.is_null()) return "nothing";
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    constexpr std::size_t k_width = 40;
    const auto text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    return core::cut_end(core::printable(text), k_width, "...");
}

/// Fills structs from JSON; knows where it is, for its messages.
class Decoder {
  public:
    explicit Decoder(std::string_view file) : m_file(file) {}

    template <Described Record>
    void read(const json& value, Record& record) {
        expect(value.is_object(), "an object", value);
        std::vector<std::string_view> names;
        each_field(record, [&](std::string_view name, auto& field) {
            names.push_back(name);
            const auto at = value.find(name);
            if (at == value.end()) return;
            const Step step(*this, fmt::format("{}{}", m_path.empty() ? "" : ".", name));
            read(*at, field);
        });
        for (const auto& [key, inner] : value.items()) {
            if (std::ranges::find(names, key) == names.end()) refuse_unknown(key, names);
        }
    }

    void read(const json& value, std::string& text) {
        expect(value.is_string(), "a text", value);
        text = value.get<std::string>();
    }

    void read(const json& value, core::Secret& secret) {
        std::string text;
        read(value, text);
        secret = core::Secret{std::move(text)};
    }

    void read(const json& value, bool& flag) {
        expect(value.is_boolean(), "true or false", value);
        flag = value.get<bool>();
    }

    template <std::integral Number>
    void read(const json& value, Number& number) {
        const auto least = k_least<Number>;
        const auto most = k_most<Number>;
        const bool fits = value.is_number_unsigned()
                              ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most)
                              : value.is_number_integer()
                                    && std::cmp_greater_equal(value.get<std::int64_t>(), least);
        expect(fits, fmt::format("a whole number from {} to {}", least, most), value);
        number = value.get<Number>();
    }

    void read(const json& value, double& number) {
        if (value.is_number()) {
            number = value.get<double>();
            return;
        }
        const auto text = value.is_string() ? value.get<std::string>() : std::string{};
        const bool special = text == "nan" || text == "inf" || text == "-inf" || text == "-0";
        expect(special, "a number", value);
        constexpr double k_infinity = std::numeric_limits<double>::infinity();
        number = text == "nan"   ? std::numeric_limits<double>::quiet_NaN()
                 : text == "inf" ? k_infinity
                 : text == "-0"  ? -0.0
                                 : -k_infinity;
    }

    void read(const json& value, core::Percent& share) { read(value, share.value); }

    void read(const json& value, core::Bytes& size) { read(value, size.count); }

    void read(const json& value, core::Time& time) {
        const auto text = value.is_string() ? value.get<std::string>() : std::string{};
        // Checked by its year first: the parser reckons in nanoseconds, which end in 2262.
        const bool near = text >= "1950" && text < "2226";
        const auto parsed = near ? core::parse_rfc3339(text) : std::optional<core::Time>{};
        const bool fits = parsed && *parsed >= k_first_time && *parsed <= k_last_time;
        expect(fits, "a time from 1950 to 2225 (2026-01-01T00:00:00Z)", value);
        time = *parsed;
    }

    template <class Rep, class Period>
    void read(const json& value, std::chrono::duration<Rep, Period>& span) {
        using Span = std::chrono::duration<Rep, Period>;
        constexpr std::string_view k_unit = Period::den == 1'000'000 ? "us"
                                            : Period::den == 1000    ? "ms"
                                                                     : "s";
        const auto text = value.is_string() ? value.get<std::string>() : std::string{};
        std::int64_t count = 0;
        const auto* const end = text.data() + text.size();
        const auto [rest, failure] = std::from_chars(text.data(), end, count);
        const bool fits = failure == std::errc{} && std::string_view(rest, end) == k_unit
                          && count >= -k_longest<Span> && count <= k_longest<Span>;
        expect(fits, fmt::format("a length of time in {0} (\"250{0}\")", k_unit), value);
        span = Span{static_cast<Rep>(count)};
    }

    template <class Enum>
        requires std::is_enum_v<Enum>
    void read(const json& value, Enum& result) {
        constexpr int k_many = 32;
        std::set<std::string> words;
        for (int i = 0; i < k_many; ++i) {
            const auto candidate = static_cast<Enum>(i);
            const auto its = word(candidate);
            if (value.is_string() && its == value.get_ref<const std::string&>()) {
                result = candidate;
                return;
            }
            if (!its.empty()) words.emplace(its);
        }
        const std::vector<std::string> all(words.begin(), words.end());
        expect(false, "one of " + core::join(all, ", "), value);
    }

    template <class Value>
    void read(const json& value, std::optional<Value>& result) {
        result.reset();
        if (!value.is_null()) read(value, result.emplace());
    }

    template <class Value>
    void read(const json& value, std::vector<Value>& list) {
        expect(value.is_array(), "a list", value);
        list.clear();
        list.reserve(value.size());
        for (const auto& each : value) {
            const Step step(*this, fmt::format("[{}]", list.size()));
            read(each, list.emplace_back());
        }
    }

    void read(const json& value, std::set<std::string>& words) {
        std::vector<std::string> list;
        read(value, list);
        words = {list.begin(), list.end()};
    }

    template <class Value>
    void read(const json& value, std::map<std::string, Value>& map) {
        expect(value.is_object(), "an object", value);
        map.clear();
        for (const auto& [key, inner] : value.items()) {
            const Step step(*this, fmt::format("[\"{}\"]", core::printable(key)));
            read(inner, map[key]);
        }
    }

    template <class Value>
    void read(const json& value, core::Result<Value>& result) {
        const bool either = value.is_object() && value.size() == 1
                            && (value.contains("value") || value.contains("error"));
        expect(either, "an object with either 'value' or 'error'", value);
        if (value.contains("value")) {
            const Step step(*this, ".value");
            Value inner{};
            read(value["value"], inner);
            result = std::move(inner);
        } else {
            const Step step(*this, ".error");
            core::Error error;
            read(value["error"], error);
            result = std::unexpected(std::move(error));
        }
    }

  private:
    /// One step further into the document, while it lives.
    class Step {
      public:
        Step(Decoder& decoder, const std::string& name)
            : m_decoder(decoder), m_length(decoder.m_path.size()) {
            m_decoder.m_path += name;
        }

        ~Step() { m_decoder.m_path.resize(m_length); }

        Step(const Step&) = delete;
        Step& operator=(const Step&) = delete;

      private:
        Decoder& m_decoder;
        std::size_t m_length;
    };

    void expect(bool holds, std::string_view wanted, const json& value) const {
        if (!holds)
            refuse(m_file, m_path, fmt::format("expected {}, found {}", wanted, found(value)));
    }

    [[noreturn]] void refuse_unknown(const std::string& key,
                                     const std::vector<std::string_view>& names) const {
        const auto near = core::nearest(key, std::span<const std::string_view>(names));
        const auto hint = near ? fmt::format("; did you mean '{}'?", *near) : std::string{};
        refuse(m_file, m_path, fmt::format("no field '{}'{}", core::printable(key), hint));
    }

    std::string_view m_file;
    std::string m_path{};
};

template <class Record>
Record read_file(std::string_view file, const json& document) {
    Record record;
    Decoder(file).read(document, record);
    return record;
}

void check_schema(json& head) {
    const auto schema = head.is_object() ? head.find("schema") : head.end();
    if (!head.is_object() || schema == head.end())
        refuse(k_head_file, "schema", fmt::format("missing; this is no recording ({})", k_schema));
    if (*schema != k_schema)
        refuse(k_head_file, "schema",
               fmt::format("{} is not known to this version, which reads {}", found(*schema),
                           k_schema));
    head.erase(schema);
}

} // namespace

Recording decode(const Files& files) {
    Recording recording;
    auto head = parse(k_head_file, files.head);
    check_schema(head);
    recording.head = read_file<Head>(k_head_file, head);
    recording.config = read_file<config::Config>(k_config_file, parse(k_config_file, files.config));
    recording.seen = read_file<facts::Observations>(k_observations_file,
                                                    parse(k_observations_file, files.observations));
    if (recording.head.run.run_id.empty()) refuse(k_head_file, "run.run_id", "missing");
    if (recording.seen.now == core::Time{}) refuse(k_observations_file, "now", "missing");
    return recording;
}

} // namespace record
