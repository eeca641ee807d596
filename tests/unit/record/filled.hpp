// SPDX-License-Identifier: MIT
#pragma once

#include "record/fields.hpp"

#include <set>
#include <string>
#include <vector>

/// Fills every field of a recording with a value that no new one has.
namespace sample {

class Filler {
  public:
    /// Whether results hold a value or an error.
    enum class Results : std::uint8_t { values, errors };

    explicit Filler(Results results) : m_results(results) {}

    void fill(std::string& text) { text = "text " + std::to_string(++m_count) + " \xc3\xa4\n\"\\"; }

    void fill(core::Secret& secret) { secret = core::Secret{"host=h" + std::to_string(++m_count)}; }

    void fill(bool& flag) { flag = !flag; }

    template <std::integral Number>
    void fill(Number& number) {
        number = static_cast<Number>(number + ++m_count);
    }

    void fill(double& number) { number += ++m_count + 1.0 / 3; }

    void fill(core::Percent& share) { fill(share.value); }

    void fill(core::Bytes& size) {
        size.count += (std::uint64_t{1} << 63) + std::uint64_t(++m_count);
    }

    void fill(core::Time& time) {
        time = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4}
               + std::chrono::nanoseconds{123'456'789} * ++m_count;
    }

    template <class Rep, class Period>
    void fill(std::chrono::duration<Rep, Period>& span) {
        span += std::chrono::duration<Rep, Period>{++m_count};
    }

    void fill(core::ErrorKind& kind) { kind = core::ErrorKind::observer; }

    void fill(core::Phase& phase) { phase = core::Phase::query; }

    void fill(facts::ContainerState& state) { state = facts::ContainerState::dead; }

    void fill(config::Expected& expected) { expected = config::Expected::absent; }

    void fill(config::When& when) { when = config::When::always; }

    void fill(core::OwnTrouble& own) { own = core::OwnTrouble::route; }

    void fill(core::Verdict& verdict) { verdict = core::Verdict::warning; }

    void fill(facts::Reach& reach) { reach = facts::Reach::silent; }

    void fill(config::Origin& origin) { origin = config::Origin::file; }

    template <class Value>
    void fill(std::optional<Value>& value) {
        if (!value) value.emplace();
        fill(*value);
    }

    template <class Value>
    void fill(std::vector<Value>& list) {
        list.resize(2);
        for (auto& each : list)
            fill(each);
    }

    void fill(std::set<std::string>& words) { words = {"one", "two"}; }

    template <class Value>
    void fill(std::map<std::string, Value>& map) {
        map.clear();
        for (const char* key : {"a", "with \"quotes\" and \xc3\xa4"})
            fill(map[key]);
    }

    template <class Value>
    void fill(core::Result<Value>& result) {
        if (m_results == Results::values) {
            Value value{};
            fill(value);
            result = std::move(value);
        } else {
            fill(result.error());
        }
    }

    template <record::Described Record>
    void fill(Record& described) {
        record::each_field(described, [&](std::string_view, auto& field) { fill(field); });
    }

  private:
    Results m_results;
    int m_count = 0;
};

inline record::Recording filled(Filler::Results results) {
    record::Recording recording;
    Filler filler(results);
    filler.fill(recording.head);
    filler.fill(recording.config);
    filler.fill(recording.seen);
    return recording;
}

} // namespace sample
