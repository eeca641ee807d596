// SPDX-License-Identifier: MIT
#include "logs/analysis.hpp"

#include "logs/detectors/catalogue.hpp"
#include "logs/letters.hpp"
#include "logs/level_in_text.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace logs {
namespace {

bool is_blank(std::string_view line) {
    return std::ranges::all_of(line, [](char c) { return is(c, k_blank); });
}

bool is_binary(std::string_view line) {
    return std::memchr(line.data(), '\0', line.size()) != nullptr;
}

void count(Source& source, std::string_view line) {
    ++source.read;
    source.bytes += static_cast<std::int64_t>(line.size()) + 1;
}

/// A level below warning is what a keeper gives to whatever a program prints: it says nothing.
void add_told(const Told& told, Event& event) {
    if (!event.time) event.time = told.time;
    if (event.level == Level::none && told.level >= Level::warning && !event.request)
        event.level = told.level;
    if (event.logger.empty()) event.logger = told.logger;
    event.parsed = event.parsed || told.is_entry;
}

} // namespace

Analysis::Analysis(const AnalysisOptions& options)
    : m_options(options), m_miner(options.assignments ? Numbers::keep : Numbers::forget) {
    m_context.now = options.now;
    for (const auto* detector : detectors())
        m_watchers.push_back(detector->start(m_options.visitors));
}

Stream Analysis::add_stream(Source source) {
    m_sources.push_back(std::move(source));
    m_states.emplace_back();
    return static_cast<Stream>(m_sources.size() - 1);
}

void Analysis::add_part(Stream stream, std::string_view line) {
    auto& source = m_sources[stream];
    auto& state = m_states[stream];
    count(source, line);
    const bool waits = !state.waiting.empty();
    if (state.has_event || waits) return take_part(stream, state, waits);
    ++source.dropped; // as the line that it belongs to
    assign(k_no_template);
}

void Analysis::add(Stream stream, std::string_view line, const Told& told) {
    auto& source = m_sources[stream];
    auto& state = m_states[stream];
    count(source, line);
    if (line.empty() || is_blank(line) || is_binary(line)) {
        ++source.dropped;
        if (!line.empty() && !is_blank(line)) ++source.binary;
        assign(k_no_template);
        return;
    }
    const auto fold = state.folding.next(line);
    // A trace that hangs on an error belongs to it; one that stands alone is told by its outcome.
    const bool hangs = state.has_event && state.level >= Level::error;
    const bool waits = !state.waiting.empty();
    if (fold == Fold::part && (state.has_event || waits)) return take_part(stream, state, waits);
    if (fold != Fold::head && hangs && !waits) return take_part(stream, state, false);
    if (fold == Fold::traceback) return take_part(stream, state, true);

    Event event;
    if (fold == Fold::outcome) {
        event.message = line;
        event.level = Level::error;
        event.time = state.time;
        event.parsed = true;
    } else {
        parse(state, line, event);
    }
    add_told(told, event);
    if (is_outside(event)) {
        ++source.dropped;
        state.has_event = false;
        assign(k_no_template);
        return;
    }
    ++(event.parsed ? source.parsed : source.unparsed);
    take_event(stream, state, event);
}

/// Most streams have lines of one form: it is tried first, unless it is the general one.
void Analysis::parse(State& state, std::string_view line, Event& event) {
    const auto all = forms();
    const auto attempt = [&](std::size_t form) {
        event = {};
        if (!all[form].parse(line, m_context, event)) return false;
        event.parsed = true;
        state.form = form;
        return true;
    };
    const auto first = state.form;
    bool known = first + 1 < all.size() && attempt(first);
    for (std::size_t form = 0; !known && form < all.size(); ++form)
        known = (form != first || form + 1 == all.size()) && attempt(form);
    if (!known) {
        event = {};
        event.message = line;
    }
    if (event.request) event.request->client = m_options.visitors.client_of(*event.request);
    if (event.level == Level::none && !event.request) event.level = level_in_text(event.message);
}

bool Analysis::is_outside(const Event& event) const {
    if (!event.time) return false;
    return (m_options.since && *event.time < *m_options.since)
           || (m_options.until && *event.time >= *m_options.until);
}

void Analysis::take_event(Stream stream, State& state, const Event& event) {
    const auto placed = m_miner.add(event, stream);
    if (placed.is_new) *placed.marks = marks_of(event);
    state.number = placed.number;
    state.has_event = true;
    state.level = event.level;
    if (event.time) {
        state.time = event.time;
        ++m_sources[stream].course.at(*event.time).count;
        if (!m_first || *event.time < *m_first) m_first = event.time;
        if (!m_last || *event.time > *m_last) m_last = event.time;
    }
    ++m_events;
    for (const auto line : state.waiting)
        if (line < m_assigned.size()) m_assigned[line] = state.number;
    state.waiting.clear();
    assign(state.number);
    for (std::size_t i = 0; i < m_watchers.size(); ++i) {
        auto& watcher = *m_watchers[i];
        const bool wanted =
            event.request ? watcher.wants_requests() : (*placed.marks >> i & 1U) != 0;
        if (wanted) watcher.see(event, stream);
    }
}

/// Which watchers look at messages like this one, a bit each.
std::uint32_t Analysis::marks_of(const Event& event) const {
    Event message = event;
    message.request.reset();
    std::uint32_t marks = 0;
    for (std::size_t i = 0; i < m_watchers.size(); ++i)
        if (m_watchers[i]->wants(message)) marks |= 1U << i;
    return marks;
}

void Analysis::absorb(Analysis& other, Stream stream) {
    other.end_traces();
    auto& source = m_sources[stream];
    const auto& its = other.m_sources.at(0);
    source.add_lines(its);
    if (!its.problem.empty()) source.problem = its.problem;
    m_events += other.m_events;
    if (other.m_first && (!m_first || *other.m_first < *m_first)) m_first = other.m_first;
    if (other.m_last && (!m_last || *other.m_last > *m_last)) m_last = other.m_last;
    const auto numbers = m_miner.absorb(other.m_miner, stream);
    for (const auto number : other.m_assigned)
        m_assigned.push_back(number < numbers.size() ? numbers[number] : number);
    for (std::size_t i = 0; i < m_watchers.size(); ++i)
        m_watchers[i]->absorb(*other.m_watchers[i], stream);
}

void Analysis::take_part(Stream stream, State& state, bool waits) {
    ++m_sources[stream].parsed;
    if (waits) state.waiting.push_back(m_assigned.size());
    assign(waits ? k_no_template : state.number);
}

void Analysis::assign(std::uint32_t number) {
    if (m_options.assignments) m_assigned.push_back(number);
}

void Analysis::end_traces() {
    // A trace that was cut off before its outcome is an error all the same.
    for (std::size_t stream = 0; stream < m_states.size(); ++stream) {
        auto& state = m_states[stream];
        if (state.waiting.empty()) continue;
        Event event;
        event.message = "Traceback (most recent call last):";
        event.level = Level::error;
        event.time = state.time;
        const auto lines = m_assigned.size();
        take_event(static_cast<Stream>(stream), state, event);
        m_assigned.resize(lines);
    }
}

Summary Analysis::finish(const Known* known) {
    end_traces();
    Summary summary;
    summary.mined = m_miner.finish();
    summary.sources = std::move(m_sources);
    summary.events = m_events;
    summary.first = m_first;
    summary.last = m_last;
    summary.end = std::min(m_options.until.value_or(m_options.now), m_options.now);
    summary.assigned.reserve(m_assigned.size());
    const auto numbers = summary.mined.template_of.size();
    for (const auto number : m_assigned)
        summary.assigned.push_back(number < numbers ? summary.mined.template_of[number]
                                                    : k_no_template);
    if (known != nullptr) known->mark(summary);
    const auto all = detectors();
    for (std::size_t i = 0; i < all.size(); ++i)
        for (auto& judged : m_watchers[i]->judge(summary))
            summary.findings.push_back(core::identified(std::move(judged), all[i]->spec));
    for (const auto& watcher : m_watchers)
        std::ranges::move(watcher->suspects(), std::back_inserter(summary.suspects));
    std::ranges::stable_sort(summary.suspects, std::ranges::greater{}, &Suspect::score);
    return summary;
}

} // namespace logs
