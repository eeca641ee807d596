// SPDX-License-Identifier: MIT
#include "record/codec.hpp"
#include "record/fields.hpp"
#include "record/limits.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <set>
#include <vector>

namespace record {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(core::Time time) {
    using namespace std::chrono;
    time = std::clamp(time, k_first_time, k_last_time);
    const auto whole = floor<seconds>(time);
    auto text = core::format_utc(whole);
    const auto rest = duration_cast<nanoseconds>(time - whole).count();
    if (rest != 0) text.insert(text.size() - 1, fmt::format(".{:09}", rest));
    return text;
}

Json value_of(const std::string& text) {
    return text;
}

Json value_of(const core::Secret& secret) {
    return secret.reveal();
}

Json value_of(core::Bytes size) {
    return size.count;
}

Json value_of(core::Time time) {
    return text_of(time);
}

Json value_of(bool flag) {
    return flag;
}

template <std::integral Number>
Json value_of(Number number) {
    return std::clamp(number, k_least<Number>, k_most<Number>);
}

/// JSON has no word for some numbers, and its reader's comparison takes -0.0 for 0.0.
Json value_of(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    if (number == 0 && std::signbit(number)) return "-0";
    return number;
}

Json value_of(core::Percent share) {
    return value_of(share.value);
}

template <class Rep, class Period>
Json value_of(std::chrono::duration<Rep, Period> span) {
    using Span = std::chrono::duration<Rep, Period>;
    constexpr std::string_view k_unit = Period::den == 1'000'000 ? "us"
                                        : Period::den == 1000    ? "ms"
                                                                 : "s";
    const auto count = std::clamp<std::int64_t>(span.count(), -k_longest<Span>, k_longest<Span>);
    return fmt::format("{}{}", count, k_unit);
}

template <class Enum>
    requires std::is_enum_v<Enum>
Json value_of(Enum value) {
    return word(value);
}

template <Described Record>
Json value_of(const Record& record);
template <class Value>
Json value_of(const std::vector<Value>& list);
template <class Value>
Json value_of(const std::map<std::string, Value>& map);
template <class Value>
Json value_of(const core::Result<Value>& result);

template <class Value>
Json value_of(const std::optional<Value>& value) {
    return value ? value_of(*value) : Json(nullptr);
}

Json value_of(const std::set<std::string>& words) {
    return Json(std::vector<std::string>(words.begin(), words.end()));
}

template <class Value>
Json value_of(const std::vector<Value>& list) {
    auto array = Json::array();
    for (const auto& each : list)
        array.push_back(value_of(each));
    return array;
}

template <class Value>
Json value_of(const std::map<std::string, Value>& map) {
    auto object = Json::object();
    for (const auto& [key, value] : map)
        object[key] = value_of(value);
    return object;
}

template <class Value>
Json value_of(const core::Result<Value>& result) {
    auto object = Json::object();
    if (result)
        object["value"] = value_of(*result);
    else
        object["error"] = value_of(result.error());
    return object;
}

template <Described Record>
std::vector<Json> defaults_of() {
    std::vector<Json> values;
    const Record fresh{};
    each_field(fresh,
               [&](std::string_view, const auto& field) { values.push_back(value_of(field)); });
    return values;
}

template <Described Record>
Json value_of(const Record& record) {
    static const auto defaults = defaults_of<Record>();
    auto object = Json::object();
    std::size_t i = 0;
    each_field(record, [&](std::string_view name, const auto& field) {
        auto value = value_of(field);
        if (value != defaults[i++]) object[std::string{name}] = std::move(value);
    });
    return object;
}

std::string text_of(const Json& json) {
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace

Files encode(const Recording& recording) {
    Json head{{"schema", k_schema}};
    head.update(value_of(recording.head));
    return {.head = text_of(head),
            .config = text_of(value_of(recording.config)),
            .observations = text_of(value_of(recording.seen))};
}

} // namespace record
