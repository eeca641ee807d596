// SPDX-License-Identifier: MIT
#include "commands/logs/sources.hpp"

#include "commands/logs/readers.hpp"
#include "commands/setup.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
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
            {.service = service_of_file(set), .name = set.name, .again = argument_of(set)});
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
    const auto result = probe::read_journal(
        {where, std::string{logs::k_journal_fields}, window},
        [&](std::string_view bytes) { reader.push(bytes); }, context.deadline(k_patience),
        context.stop());
    reader.end();
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
