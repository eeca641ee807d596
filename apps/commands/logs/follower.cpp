// SPDX-License-Identifier: MIT
#include "commands/logs/follower.hpp"

#include "cli/watch_session.hpp"
#include "commands/logs/readers.hpp"
#include "commands/setup.hpp"
#include "core/text.hpp"
#include "logs/journal_entry.hpp"
#include "logs/lines.hpp"
#include "probe/gather.hpp"
#include "probe/journal.hpp"
#include "probe/log_growth.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <optional>
#include <set>
#include <utility>

namespace commands {
namespace {

using namespace std::chrono_literals;

/// How often the Engines are asked for containers that came up.
constexpr auto k_between_looks = 3s;

/// What of a file is read at first: more than a quarter of an hour of most.
constexpr std::uint64_t k_backlog = std::uint64_t{32} << 20U;

void sleep_unless(const std::stop_token& stop, core::Duration span) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop, span, [] { return false; });
}

} // namespace

/// The containers that are followed, each in a thread of its own: one ends with its container, and
/// begins again where it left off when that is started again.
class LogFollower::Containers {
  public:
    Containers(LogFollower& follower, config::Config config)
        : m_follower(follower), m_config(std::move(config)) {}

    /// Looks for containers until a stop.
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            look(stop);
            sleep_unless(stop, k_between_looks);
        }
        for (auto& [id, one] : m_all)
            one->thread.request_stop();
        m_all.clear();
    }

  private:
    struct One {
        explicit One(logs::Intake& intake, const facts::Container& container)
            : reader(intake, container) {}

        ContainerReader reader;
        std::optional<core::Time> started_at{};
        std::atomic<bool> running = false;
        std::jthread thread{};
    };

    void look(const std::stop_token& stop) {
        auto options =
            gather_options(m_follower.m_context,
                           core::Deadline::after(m_follower.m_context.options().timeout * 2));
        options.progress = nullptr;
        options.stop = stop;
        const auto found = probe::look_at_engines(m_config, options);
        if (stop.stop_requested()) return;
        for (std::size_t i = 0; i < found.seen.engines.size(); ++i) {
            const auto& engine = found.seen.engines[i];
            if (!engine.result) continue;
            for (const auto& container : engine.result->containers)
                if (is_wanted(m_follower.m_services, container.service))
                    attach(container, found.config.docker.hosts.at(i), engine.result->api_version);
        }
        tell(found);
    }

    void attach(const facts::Container& container, const config::DockerHost& host,
                const std::string& api) {
        auto& one = m_all[container.id];
        // Also one that came up and ended between two looks has said something.
        const bool may_speak = !one || container.state == facts::ContainerState::running
                               || container.started_at != one->started_at;
        if (!may_speak) return;
        if (!one) one = std::make_unique<One>(m_follower.m_window, container);
        if (one->running.exchange(true)) return;
        one->started_at = container.started_at;
        probe::LogWindow window;
        window.since = one->reader.newest().value_or(std::chrono::system_clock::now()
                                                     - m_follower.m_window.span());
        window.follow = true;
        one->thread = std::jthread(
            [&one = *one, host, api, window,
             end = cli::end_of_watch(m_follower.m_context)](const std::stop_token& stop) {
                const auto request = one.reader.request();
                const auto results =
                    probe::read_container_logs(host, api, {&request, 1}, window, end, stop);
                one.reader.finish(results.front());
                one.running = false;
            });
    }

    /// Says what the Engines have answered.
    void tell(const probe::Gathered& found) {
        std::set<std::string> services;
        std::map<std::string, core::Judged> problems;
        std::vector<watch::EngineAnswer> answers;
        for (const auto& engine : found.seen.engines) {
            answers.push_back({engine.target, engine.result.has_value()});
            if (!engine.result)
                problems.emplace(engine.name, unread(engine.name, engine.result.error()));
            else
                for (const auto& container : engine.result->containers)
                    services.insert(container.service);
        }
        if (!found.seen.discovery_problem.empty())
            problems.emplace("gallery", unread("gallery", found.seen.discovery_problem));
        const std::scoped_lock lock{m_follower.m_mutex};
        m_follower.m_engines = std::move(answers);
        m_follower.m_problems = std::move(problems);
        m_follower.m_has_looked = true;
        if (services.empty()) return; // the Engine is away: what is known of it stays
        auto& read = m_follower.m_read;
        read.project = found.config.project;
        read.owners = found.config.owners;
        read.contacts = found.config.contacts;
        const auto asked = std::ssize(m_follower.m_services);
        read.scope = core::count_of(asked > 0 ? asked : std::ssize(services), "service");
        m_follower.m_known = std::move(services);
    }

    LogFollower& m_follower;
    config::Config m_config;
    std::map<std::string, std::unique_ptr<One>> m_all{};
};

LogFollower::LogFollower(const cli::Context& context, logs::Window& window,
                         const std::vector<std::string>& services)
    : m_context(context), m_window(window), m_services(services) {}

LogFollower::~LogFollower() {
    for (auto& thread : m_threads)
        thread.request_stop();
    m_threads.clear();
}

void LogFollower::start(std::function<void(const std::stop_token& stop)> work) {
    ++m_running;
    m_threads.emplace_back([this, work = std::move(work)](const std::stop_token& stop) {
        work(stop);
        --m_running;
    });
}

void LogFollower::follow_files(const std::vector<std::string>& files) {
    const auto sets = probe::find_logs(files);
    if (!sets) throw core::UsageError(core::describe(sets.error()));
    std::set<std::string> known;
    for (const auto& set : *sets)
        known.insert(service_of_file(set));
    check_wanted(m_services, known);
    m_read.project = sets->size() == 1 ? core::printable(sets->front().name)
                                       : core::count_of(std::ssize(*sets), "log");
    if (m_read.project == "-") m_read.project = "standard input";
    for (const auto& set : *sets) {
        if (!is_wanted(m_services, service_of_file(set))) continue;
        if (set.name == "-")
            follow_input(set);
        else
            follow_file(set);
    }
}

void LogFollower::follow_file(const probe::LogSet& set) {
    const auto stream = m_window.add_stream({.service = service_of_file(set),
                                             .name = set.name,
                                             .again = argument_of(set),
                                             .is_live = true});
    start([this, stream, path = std::filesystem::path{set.name}](const std::stop_token& stop) {
        logs::LineCutter cutter{[&](std::string_view line) { m_window.add(stream, line, {}); }};
        std::int64_t cut = 0;
        probe::GrowthReader reader;
        reader.take = [&](std::string_view bytes) {
            cutter.push(bytes);
            m_window.note_cut(stream, cutter.cut() - std::exchange(cut, cutter.cut()));
        };
        reader.begin_anew = [&] { cutter.end(); };
        reader.outcome = [&](const core::Result<void>& result) {
            m_window.note_problem(stream, result ? std::string{} : core::describe(result.error()));
        };
        probe::follow_log(path, k_backlog, reader, stop);
    });
}

void LogFollower::follow_input(const probe::LogSet& set) {
    const auto stream =
        m_window.add_stream({.service = service_of_file(set), .name = set.name, .is_live = true});
    start([this, stream](const std::stop_token& stop) {
        logs::LineCutter cutter{[&](std::string_view line) { m_window.add(stream, line, {}); }};
        const auto read = probe::read_log(
            {"-", 0, 0}, [&](std::string_view bytes) { cutter.push(bytes); },
            cli::end_of_watch(m_context), stop);
        cutter.end();
        m_window.note_cut(stream, cutter.cut());
        if (!read) m_window.note_problem(stream, core::describe(read.error()));
    });
}

void LogFollower::follow_containers(config::Config config) {
    m_has_looked = false;
    m_containers = std::make_unique<Containers>(*this, std::move(config));
    start([this](const std::stop_token& stop) { m_containers->run(stop); });
}

void LogFollower::follow_journal(const std::string& where) {
    m_read.project = where.empty() ? "journal" : core::printable(where);
    start([this, where](const std::stop_token& stop) {
        JournalReader reader{m_window, where, m_services};
        probe::LogWindow window;
        window.since = std::chrono::system_clock::now() - m_window.span();
        window.follow = true;
        const auto result = probe::read_journal(
            {where, std::string{logs::k_journal_fields}, window},
            [&](std::string_view bytes) { reader.push(bytes); }, cli::end_of_watch(m_context),
            stop);
        reader.end();
        if (result || stop.stop_requested()) return;
        const std::scoped_lock lock{m_mutex};
        m_problems.emplace("journal", unread("journal", result.error()));
    });
}

void LogFollower::settle(const std::stop_token& stop) const {
    constexpr auto k_pause = 300ms;
    constexpr int k_most_pauses = 30;
    std::uint64_t before = 0;
    for (int pause = 0; pause < k_most_pauses && !over(); ++pause) {
        sleep_unless(stop, k_pause);
        const auto taken = m_window.taken();
        if (stop.stop_requested()) return;
        if (m_has_looked && pause > 0 && taken == before) return;
        before = taken;
    }
}

void LogFollower::check_services() const {
    const std::scoped_lock lock{m_mutex};
    if (m_problems.empty() && !m_known.empty()) check_wanted(m_services, m_known);
}

LogsRead LogFollower::read() const {
    const std::scoped_lock lock{m_mutex};
    auto read = m_read;
    for (const auto& [subject, problem] : m_problems)
        read.problems.push_back(problem);
    return read;
}

std::vector<watch::EngineAnswer> LogFollower::engines() const {
    const std::scoped_lock lock{m_mutex};
    return m_engines;
}

} // namespace commands
