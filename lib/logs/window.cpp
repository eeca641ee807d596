// SPDX-License-Identifier: MIT
#include "logs/window.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace logs {

Stream Window::add_stream(Source source) {
    const std::scoped_lock lock{m_mutex};
    m_sources.push_back(std::move(source));
    return static_cast<Stream>(m_sources.size() - 1);
}

void Window::add(Stream stream, std::string_view line, const Told& told) {
    keep({.stream = stream,
          .at = told.time.value_or(std::chrono::system_clock::now()),
          .told = told.time,
          .level = told.level,
          .is_entry = told.is_entry,
          .logger = std::string{told.logger},
          .line = std::string{line}});
}

void Window::add_part(Stream stream, std::string_view line) {
    keep({.stream = stream,
          .at = std::chrono::system_clock::now(),
          .is_part = true,
          .line = std::string{line}});
}

void Window::note_cut(Stream stream, std::int64_t lines) {
    const std::scoped_lock lock{m_mutex};
    for (auto record = m_records.rbegin(); record != m_records.rend() && lines > 0; ++record) {
        if (record->stream != stream || record->is_cut) continue;
        record->is_cut = true;
        --lines;
    }
}

void Window::note_problem(Stream stream, std::string why) {
    const std::scoped_lock lock{m_mutex};
    m_sources[stream].problem = std::move(why);
}

std::uint64_t Window::taken() const {
    const std::scoped_lock lock{m_mutex};
    return m_taken;
}

std::optional<core::Time> Window::pour(Intake& into, core::Time now) {
    const std::scoped_lock lock{m_mutex};
    while (!m_records.empty() && m_records.front().at < now - m_span)
        forget_first();
    if (m_full_since && *m_full_since < now - m_span) m_full_since.reset();
    std::vector<Stream> streams;
    for (const auto& source : m_sources) {
        streams.push_back(into.add_stream(source));
        into.note_problem(streams.back(), source.problem);
    }
    for (const auto& record : m_records) {
        const auto stream = streams[record.stream];
        if (record.is_part)
            into.add_part(stream, record.line);
        else
            into.add(stream, record.line,
                     {record.told, record.level, record.logger, record.is_entry});
        if (record.is_cut) into.note_cut(stream, 1);
    }
    return m_full_since;
}

void Window::keep(Record record) {
    const std::scoped_lock lock{m_mutex};
    ++m_taken;
    m_bytes += size_of(record);
    m_records.push_back(std::move(record));
    while (m_bytes > m_most_bytes && m_records.size() > 1) {
        m_full_since = std::max(m_full_since.value_or(core::Time::min()), m_records.front().at);
        forget_first();
    }
}

void Window::forget_first() {
    m_bytes -= size_of(m_records.front());
    m_records.pop_front();
}

std::size_t Window::size_of(const Record& record) {
    return sizeof record + record.line.capacity() + record.logger.capacity();
}

} // namespace logs
