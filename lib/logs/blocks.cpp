// SPDX-License-Identifier: MIT
#include "logs/blocks.hpp"

#include "core/text.hpp"
#include "core/units.hpp"
#include "logs/detectors/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace logs {
namespace {

constexpr std::size_t k_listed_addresses = 200;

report::Cell time_cell(const std::optional<core::Time>& time) {
    if (!time) return std::monostate{};
    return core::format_utc(*time);
}

/// "api, nginx": where the kind of message was seen, most often first.
std::string services_of(const Seen& seen, const std::vector<Source>& sources) {
    std::vector<std::pair<std::int64_t, std::string>> all;
    for (const auto& [stream, count] : seen.streams) {
        const auto& service = sources.at(stream).service;
        const auto known =
            std::ranges::find(all, service, &std::pair<std::int64_t, std::string>::second);
        if (known == all.end())
            all.emplace_back(count, service);
        else
            known->first += count;
    }
    std::ranges::stable_sort(all, std::ranges::greater{},
                             &std::pair<std::int64_t, std::string>::first);
    std::vector<std::string> names;
    for (auto& [count, service] : all)
        names.push_back(std::move(service));
    return core::printable(core::join(names, ", "));
}

double rounded_share(std::int64_t part, std::int64_t whole) {
    return std::round(1e6 * static_cast<double>(part)
                      / static_cast<double>(std::max<std::int64_t>(whole, 1)))
           / 1e6;
}

std::vector<report::Cell> row_of(const Template& one, const Summary& summary) {
    return {one.id,
            one.seen.count,
            rounded_share(one.seen.count, summary.events),
            std::string{name(one.seen.worst)},
            services_of(one.seen, summary.sources),
            time_cell(one.seen.first),
            time_cell(one.seen.last),
            shown(one.text),
            shown(one.example)};
}

report::Block templates_block(const Summary& summary, const Listing& listing) {
    report::Table table;
    table.columns = {"id",    "count", "share",    "level",  "service",
                     "first", "last",  "template", "example"};
    for (const auto& one : summary.mined.templates) {
        if (table.rows.size() == listing.most) break;
        if (one.is_new || !listing.only_new) table.rows.push_back(row_of(one, summary));
    }
    if (summary.mined.other.count > 0 && !listing.only_new) {
        Template other{.id = "other", .text = "(too rare to be kept)", .seen = summary.mined.other};
        table.rows.push_back(row_of(other, summary));
    }
    return {"templates", listing.only_new ? "new kinds of messages" : "kinds of messages",
            std::move(table), true};
}

report::Block addresses_block(const Summary& summary) {
    report::Table table;
    table.columns = {"address", "score", "kinds", "reasons", "events", "first", "last"};
    for (const auto& suspect : summary.suspects) {
        if (table.rows.size() == k_listed_addresses) break;
        table.rows.push_back({core::text_of(suspect.address), std::round(suspect.score * 100) / 100,
                              suspect.kind, suspect.reason, suspect.events,
                              time_cell(suspect.first), time_cell(suspect.last)});
    }
    auto title = std::string{"suspicious addresses"};
    if (summary.suspects.size() > k_listed_addresses)
        title += fmt::format(" (the first {} of {})", k_listed_addresses, summary.suspects.size());
    return {"addresses", title, std::move(table), true};
}

report::Block lines_block(const Summary& summary) {
    report::Table table;
    table.columns = {"source", "service", "read", "parsed", "unparsed", "dropped", "cut", "bytes"};
    Source total;
    for (const auto& source : summary.sources) {
        table.rows.push_back({core::printable(source.name), core::printable(source.service),
                              source.read, source.parsed, source.unparsed, source.dropped,
                              source.cut, source.bytes});
        total.add_lines(source);
    }
    table.rows.push_back({std::string{"all"}, std::string{}, total.read, total.parsed,
                          total.unparsed, total.dropped, total.cut, total.bytes});
    return {"lines", "lines", std::move(table), true};
}

/// How many events there were when, of all sources together.
report::Block events_block(const Summary& summary) {
    Course<Count> all;
    for (const auto& source : summary.sources)
        all.add(source.course);
    report::Series series;
    series.unit = "in " + core::format_duration(all.width());
    for (std::size_t i = 0; i < all.slices().size(); ++i)
        series.points.emplace_back(all.begin_of(i), static_cast<double>(all.slices()[i].count));
    return {"events", "events over time", std::move(series), true};
}

/// A field of CSV: in quotes where it holds a comma, quotes or the end of a line.
std::string csv(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
    std::string made{'"'};
    for (const char c : text) {
        if (c == '"') made += '"';
        made += c;
    }
    return made += '"';
}

} // namespace

std::vector<report::Block> blocks(const Summary& summary, const Listing& listing) {
    return {templates_block(summary, listing), addresses_block(summary), events_block(summary),
            lines_block(summary)};
}

std::string scope(const Summary& summary) {
    std::int64_t lines = 0;
    for (const auto& source : summary.sources)
        lines += source.read;
    return fmt::format("{}, {}", core::count_of(lines, "line"),
                       core::count_of(std::ssize(summary.mined.templates), "template"));
}

std::string assignments(const Summary& summary) {
    std::string made{"LineId,EventId,EventTemplate\n"};
    std::vector<std::string> texts;
    for (const auto& one : summary.mined.templates)
        texts.push_back(fmt::format("{},{}\n", one.id, csv(core::printable(one.text))));
    for (std::size_t i = 0; i < summary.assigned.size(); ++i) {
        const auto number = summary.assigned[i];
        made += fmt::format("{},", i + 1);
        if (number < texts.size())
            made += texts[number];
        else
            made += number == Mined::k_other ? "other,\n" : ",\n";
    }
    return made;
}

} // namespace logs
