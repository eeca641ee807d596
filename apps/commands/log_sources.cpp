// SPDX-License-Identifier: MIT
#include "commands/log_sources.hpp"

#include "commands/setup.hpp"
#include "core/shell.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
#include "logs/docker_stream.hpp"
#include "logs/journal_entry.hpp"
#include "logs/lines.hpp"
#include "probe/journal.hpp"
#include "probe/log_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <thread>
#include <utility>

namespace commands {
namespace {

using namespace std::chrono_literals;

/// Reading goes as fast as the disk or the Engine; an hour means that something hangs.
constexpr auto k_patience = 1h;

/// An entry with all its fields; what no text is, is four times as long.
constexpr std::size_t k_longest_journal_line = std::size_t{8} << 20U;

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

/// "/var/log/nginx/access.log" speaks for "access".
std::string service_of_file(const probe::LogSet& set) {
    if (set.name == "-") return "stdin";
    const auto name = std::filesystem::path(set.name).filename().string();
    const auto dot = name.find('.', 1);
    return dot == std::string::npos ? name : name.substr(0, dot);
}

/// The argument that reads the set again.
std::string again(const probe::LogSet& set) {
    return core::shell_word(set.files.size() > 1 ? set.name + "*" : set.name);
}

/// A part of a file, and the stream that it belongs to.
struct Task {
    logs::Stream stream = 0;
    probe::LogPart part{};
};

/// Reads one part into the analysis.
void read_part(const cli::Context& context, logs::Analysis& analysis, logs::Stream stream,
               const probe::LogPart& part) {
    logs::LineCutter cutter{[&](std::string_view line) { analysis.add(stream, line); }};
    const auto read = probe::read_log(
        part, [&](std::string_view bytes) { cutter.push(bytes); }, context.deadline(k_patience),
        context.stop());
    cutter.end();
    analysis.note_cut(stream, cutter.cut());
    if (!read) analysis.note_problem(stream, core::describe(read.error()));
}

/// Reads some parts side by side, each into an analysis of its own, which are then joined in the
/// order of the parts: what comes out does not depend on how many there are at a time.
void read_side_by_side(const cli::Context& context, logs::Analysis& analysis,
                       std::span<const Task> tasks) {
    std::vector<std::future<std::unique_ptr<logs::Analysis>>> running;
    for (const auto& task : tasks)
        running.push_back(std::async([&context, &analysis, &task] {
            auto own = std::make_unique<logs::Analysis>(analysis.options());
            read_part(context, *own, own->add_stream({}), task.part);
            return own;
        }));
    for (std::size_t i = 0; i < tasks.size(); ++i)
        analysis.absorb(*running[i].get(), tasks[i].stream);
}

void read_all(const cli::Context& context, logs::Analysis& analysis,
              const std::vector<Task>& tasks) {
    if (tasks.size() == 1) return read_part(context, analysis, tasks[0].stream, tasks[0].part);
    const std::size_t at_a_time = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
    for (std::size_t begin = 0; begin < tasks.size(); begin += at_a_time) {
        context.progress(fmt::format("reading {}: {} of {} parts", tasks[begin].part.file.string(),
                                     begin, tasks.size()));
        read_side_by_side(
            context, analysis,
            std::span{tasks}.subspan(begin, std::min(at_a_time, tasks.size() - begin)));
    }
}

/// A container's two streams: each has its own order and its own traces.
class ContainerReader {
  public:
    ContainerReader(logs::Analysis& analysis, const facts::Container& container)
        : m_analysis(analysis), m_container(container),
          m_out(analysis.add_stream({.service = container.service,
                                     .name = container.name,
                                     .again = "--service " + core::shell_word(container.service),
                                     .is_live = true})),
          m_bytes([this](logs::Side side, std::string_view line, std::optional<core::Time> time) {
              m_analysis.add(side == logs::Side::out ? m_out : error_stream(), line,
                             {.time = time});
          }) {}

    [[nodiscard]] probe::ContainerLog request() {
        return {&m_container, [this](std::string_view bytes) { m_bytes.push(bytes); }};
    }

    void finish(const core::Result<void>& result) {
        m_bytes.end();
        m_analysis.note_cut(m_out, m_bytes.cut());
        if (!result) m_analysis.note_problem(m_out, core::describe(result.error()));
    }

  private:
    logs::Stream error_stream() {
        if (!m_error)
            m_error = m_analysis.add_stream({.service = m_container.service,
                                             .name = m_container.name + " (stderr)",
                                             .is_live = true});
        return *m_error;
    }

    logs::Analysis& m_analysis;
    const facts::Container& m_container;
    logs::Stream m_out;
    std::optional<logs::Stream> m_error{};
    logs::DockerStream m_bytes;
};

/// The services of a journal: each has a stream of its own, up to a bound, since any program may
/// call itself what it likes.
class JournalReader {
  public:
    JournalReader(logs::Analysis& analysis, const std::string& where,
                  const std::vector<std::string>& services)
        : m_analysis(analysis), m_services(services),
          m_again("--source journald"
                  + (where.empty() ? std::string{} : " " + core::shell_word(where))),
          m_is_live(where.empty()) {}

    void take(std::string_view line) {
        const auto entry = logs::parse_journal_entry(line);
        if (!entry) {
            if (const auto into = stream("journal")) m_analysis.add(*into, line);
            return;
        }
        const auto service = m_known.size() < k_most_services || m_known.contains(entry->service)
                                 ? entry->service
                                 : "other";
        const auto into = stream(service);
        if (!into) return;
        bool is_first = true;
        logs::LineCutter cutter{[&](std::string_view part) {
            if (is_first)
                m_analysis.add(*into, part, {entry->time, entry->level, entry->program, true});
            else
                m_analysis.add_part(*into, part);
            is_first = is_first && part.find_first_not_of(" \t") == std::string_view::npos;
        }};
        cutter.push(entry->message);
        cutter.end();
        if (entry->message.empty()) m_analysis.add(*into, "");
        m_analysis.note_cut(*into, cutter.cut());
    }

    [[nodiscard]] std::set<std::string> services() const {
        std::set<std::string> names;
        for (const auto& [name, stream] : m_known)
            names.insert(name);
        return names;
    }

  private:
    static constexpr std::size_t k_most_services = 500;

    /// Nothing for a service that is not asked for.
    std::optional<logs::Stream> stream(const std::string& service) {
        const auto known = m_known.find(service);
        if (known != m_known.end()) return known->second;
        std::optional<logs::Stream> made;
        if (is_wanted(m_services, service))
            made =
                m_analysis.add_stream({.service = service,
                                       .name = "journal of " + service,
                                       .again = m_again + " --service " + core::shell_word(service),
                                       .is_live = m_is_live});
        m_known.emplace(service, made);
        return made;
    }

    logs::Analysis& m_analysis;
    const std::vector<std::string>& m_services;
    std::string m_again;
    bool m_is_live;
    std::map<std::string, std::optional<logs::Stream>> m_known{};
};

core::Judged unread(const std::string& subject, std::string why) {
    core::Judged judged{.subject = subject};
    judged.judgement.verdict = core::Verdict::unknown;
    judged.judgement.message = std::move(why);
    return judged;
}

/// With the error's own hint for the next step.
core::Judged unread(const std::string& subject, core::Error error) {
    auto step = std::exchange(error.hint, {});
    auto judged = unread(subject, core::describe(error));
    judged.judgement.remediation = std::move(step);
    return judged;
}

/// Reads from one Engine; returns how many services it has of the gallery.
void read_engine(const cli::Context& context, logs::Analysis& analysis, const facts::Docker& engine,
                 const config::DockerHost& host, const probe::LogWindow& window,
                 const std::vector<std::string>& services) {
    std::vector<std::unique_ptr<ContainerReader>> readers;
    std::vector<probe::ContainerLog> requests;
    for (const auto& container : engine.containers) {
        if (!is_wanted(services, container.service)) continue;
        readers.push_back(std::make_unique<ContainerReader>(analysis, container));
        requests.push_back(readers.back()->request());
    }
    context.progress(
        fmt::format("reading the logs of {}", core::count_of(std::ssize(requests), "container")));
    const auto results = probe::read_container_logs(host, engine.api_version, requests, window,
                                                    context.deadline(k_patience), context.stop());
    for (std::size_t i = 0; i < readers.size(); ++i)
        readers[i]->finish(results[i]);
}

} // namespace

LogsRead read_files(const cli::Context& context, logs::Analysis& analysis,
                    const std::vector<std::string>& files,
                    const std::vector<std::string>& services) {
    const auto sets = probe::find_logs(files);
    if (!sets) throw core::UsageError(core::describe(sets.error()));
    std::set<std::string> known;
    for (const auto& set : *sets)
        known.insert(service_of_file(set));
    check_wanted(services, known);
    std::vector<Task> tasks;
    for (const auto& set : *sets) {
        if (!is_wanted(services, service_of_file(set))) continue;
        const auto stream = analysis.add_stream(
            {.service = service_of_file(set), .name = set.name, .again = again(set)});
        for (const auto& file : set.files)
            for (auto& part : probe::parts_of(file))
                tasks.push_back({stream, std::move(part)});
    }
    read_all(context, analysis, tasks);
    LogsRead read;
    read.project = sets->size() == 1 ? core::printable(sets->front().name)
                                     : core::count_of(std::ssize(*sets), "log");
    if (read.project == "-") read.project = "standard input";
    return read;
}

LogsRead read_containers(const cli::Context& context, logs::Analysis& analysis,
                         const config::Config& config, const probe::LogWindow& window,
                         const std::vector<std::string>& services) {
    const auto found =
        probe::look_at_engines(config, gather_options(context, context.deadline(k_patience)));
    LogsRead read;
    read.project = found.config.project;
    read.owners = found.config.owners;
    read.contacts = found.config.contacts;
    std::set<std::string> known;
    bool all = true;
    for (const auto& engine : found.seen.engines) {
        all = all && engine.result;
        if (!engine.result) {
            read.problems.push_back(unread(engine.name, engine.result.error()));
            continue;
        }
        for (const auto& container : engine.result->containers)
            known.insert(container.service);
    }
    if (!found.seen.discovery_problem.empty())
        read.problems.push_back(unread("gallery", found.seen.discovery_problem));
    if (all && !known.empty()) check_wanted(services, known);
    for (std::size_t i = 0; i < found.seen.engines.size(); ++i)
        if (const auto& engine = found.seen.engines[i]; engine.result)
            read_engine(context, analysis, *engine.result, found.config.docker.hosts.at(i), window,
                        services);
    read.scope = core::count_of(
        std::ssize(services.empty() ? known
                                    : std::set<std::string>{services.begin(), services.end()}),
        "service");
    return read;
}

LogsRead read_journal(const cli::Context& context, logs::Analysis& analysis,
                      const std::string& where, const probe::LogWindow& window,
                      const std::vector<std::string>& services) {
    context.progress("reading the journal");
    JournalReader reader{analysis, where, services};
    logs::LineCutter cutter{[&](std::string_view line) { reader.take(line); },
                            k_longest_journal_line};
    const auto result = probe::read_journal(
        {where, std::string{logs::k_journal_fields}, window},
        [&](std::string_view bytes) { cutter.push(bytes); }, context.deadline(k_patience),
        context.stop());
    cutter.end();
    LogsRead read;
    read.project = where.empty() ? "journal" : core::printable(where);
    if (!result) read.problems.push_back(unread("journal", result.error()));
    if (result && !reader.services().empty()) check_wanted(services, reader.services());
    read.scope = core::count_of(
        std::ssize(services.empty() ? reader.services()
                                    : std::set<std::string>{services.begin(), services.end()}),
        "service");
    return read;
}

} // namespace commands
