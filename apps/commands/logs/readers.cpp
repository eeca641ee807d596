// SPDX-License-Identifier: MIT
#include "commands/logs/readers.hpp"

#include "core/shell.hpp"
#include "core/text.hpp"
#include "logs/journal_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace commands {
namespace {

/// An entry with all its fields; what no text is, is four times as long.
constexpr std::size_t k_longest_journal_line = std::size_t{8} << 20U;

constexpr std::size_t k_most_journal_services = 500;

} // namespace

bool is_wanted(const std::vector<std::string>& services, const std::string& service) {
    return services.empty() || std::ranges::find(services, service) != services.end();
}

void check_wanted(const std::vector<std::string>& wanted, const std::set<std::string>& known) {
    for (const auto& service : wanted) {
        if (known.contains(service)) continue;
        const std::vector<std::string> names{known.begin(), known.end()};
        const auto near = core::nearest(service, names);
        throw core::UsageError(fmt::format(
            "no log of a service '{}'; {}", core::printable(service),
            near ? fmt::format("did you mean '{}'?", core::printable(*near))
                 : fmt::format("there are: {}", core::printable(core::join(names, ", ")))));
    }
}

std::string service_of_file(const probe::LogSet& set) {
    if (set.name == "-") return "stdin";
    const auto name = std::filesystem::path(set.name).filename().string();
    const auto dot = name.find('.', 1);
    return dot == std::string::npos ? name : name.substr(0, dot);
}

std::string argument_of(const probe::LogSet& set) {
    return core::shell_word(set.files.size() > 1 ? set.name + "*" : set.name);
}

core::Judged unread(const std::string& subject, std::string why) {
    core::Judged judged{.subject = subject};
    judged.judgement.verdict = core::Verdict::unknown;
    judged.judgement.message = std::move(why);
    return judged;
}

core::Judged unread(const std::string& subject, core::Error error) {
    auto step = std::exchange(error.hint, {});
    auto judged = unread(subject, core::describe(error));
    judged.judgement.remediation = std::move(step);
    return judged;
}

ContainerReader::ContainerReader(logs::Intake& intake, facts::Container container)
    : m_intake(intake), m_container(std::move(container)),
      m_out(intake.add_stream({.service = m_container.service,
                               .name = m_container.name,
                               .again = "--service " + core::shell_word(m_container.service),
                               .is_live = true})) {}

probe::ContainerLog ContainerReader::request() {
    m_bytes.emplace([this](logs::Side side, std::string_view line, std::optional<core::Time> time) {
        take(side, line, time);
    });
    m_cut = 0;
    m_known_until = m_newest;
    m_intake.note_problem(m_out, {});
    return {&m_container, [this](std::string_view bytes) {
                m_bytes->push(bytes);
                note_cut();
            }};
}

void ContainerReader::finish(const core::Result<void>& result) {
    m_bytes->end();
    note_cut();
    m_intake.note_problem(m_out, result ? std::string{} : core::describe(result.error()));
}

void ContainerReader::take(logs::Side side, std::string_view line, std::optional<core::Time> time) {
    if (time && m_known_until && *time <= *m_known_until) return;
    if (time) m_newest = m_newest ? std::max(*m_newest, *time) : *time;
    m_intake.add(side == logs::Side::out ? m_out : error_stream(), line, {.time = time});
}

void ContainerReader::note_cut() {
    m_intake.note_cut(m_out, m_bytes->cut() - std::exchange(m_cut, m_bytes->cut()));
}

logs::Stream ContainerReader::error_stream() {
    if (!m_error)
        m_error = m_intake.add_stream({.service = m_container.service,
                                       .name = m_container.name + " (stderr)",
                                       .is_live = true});
    return *m_error;
}

JournalReader::JournalReader(logs::Intake& intake, const std::string& where,
                             const std::vector<std::string>& services)
    : m_intake(intake), m_services(services),
      m_again("--source journald"
              + (where.empty() ? std::string{} : " " + core::shell_word(where))),
      m_is_live(where.empty()),
      m_cutter([this](std::string_view line) { take(line); }, k_longest_journal_line) {}

void JournalReader::take(std::string_view line) {
    const auto entry = logs::parse_journal_entry(line);
    if (!entry) {
        if (const auto into = stream("journal")) m_intake.add(*into, line, {});
        return;
    }
    const auto service =
        m_known.size() < k_most_journal_services || m_known.contains(entry->service)
            ? entry->service
            : "other";
    const auto into = stream(service);
    if (!into) return;
    bool is_first = true;
    logs::LineCutter cutter{[&](std::string_view part) {
        if (is_first)
            m_intake.add(*into, part, {entry->time, entry->level, entry->program, true});
        else
            m_intake.add_part(*into, part);
        is_first = is_first && part.find_first_not_of(" \t") == std::string_view::npos;
    }};
    cutter.push(entry->message);
    cutter.end();
    if (entry->message.empty()) m_intake.add(*into, "", {});
    m_intake.note_cut(*into, cutter.cut());
}

std::set<std::string> JournalReader::services() const {
    std::set<std::string> names;
    for (const auto& [name, stream] : m_known)
        names.insert(name);
    return names;
}

/// Nothing for a service that is not asked for.
std::optional<logs::Stream> JournalReader::stream(const std::string& service) {
    const auto known = m_known.find(service);
    if (known != m_known.end()) return known->second;
    std::optional<logs::Stream> made;
    if (is_wanted(m_services, service))
        made = m_intake.add_stream({.service = service,
                                    .name = "journal of " + service,
                                    .again = m_again + " --service " + core::shell_word(service),
                                    .is_live = m_is_live});
    m_known.emplace(service, made);
    return made;
}

} // namespace commands
