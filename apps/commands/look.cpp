// SPDX-License-Identifier: MIT
#include "commands/look.hpp"

#include "cause/cause.hpp"
#include "commands/setup.hpp"
#include "health/baseline.hpp"
#include "health/catalogue.hpp"
#include "health/overview.hpp"
#include "record/mask_findings.hpp"
#include "report/arrange.hpp"
#include "report/enrich.hpp"
#include "report/recurrence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <system_error>

namespace commands {
namespace {

using namespace std::chrono_literals;

bool succeeds(const report::Report& report, const cli::GlobalOptions& options) {
    return core::exit_code(report::summarise(report), options.fail_on, options.unknown) == 0;
}

/// Returns what is still awaited, for the progress line: "waiting for api: health check fails; 2
/// more".
std::string still_waiting(const report::Report& report) {
    const auto problems = report::problems(report);
    if (problems.empty()) return "waiting";
    const auto& first = *problems.front().finding;
    const auto more = problems.size() - 1;
    const auto rest = more > 0 ? fmt::format("; {} more", more) : std::string{};
    return fmt::format("waiting for {}: {}{}", first.subject, first.message, rest);
}

/// Sleeps until `until` or a stop.
void pause(const std::stop_token& stop, core::Deadline until) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_until(lock, stop, until.at(), [] { return false; });
}

} // namespace

core::Duration default_deadline(const cli::GlobalOptions& options) {
    return 2 * options.timeout + 2s;
}

namespace {

using Past = std::optional<facts::Past>;

/// Begins to read the past beside the probes; nothing where that can't be.
std::future<Past> begin_recall(Memory& memory, const report::Report& run, core::Deadline deadline) {
    try {
        return std::async(std::launch::async, [&memory, run, deadline] {
            return memory.recall(run, deadline, health::baseline_families());
        });
    } catch (const std::system_error&) {
        return {}; // no thread is to be had
    }
}

} // namespace

Look observe(const cli::Context& context, const config::Config& config,
             probe::GatherOptions options, Memory* memory) {
    Look look{context.start_report("health"), {}};
    const auto began = core::Deadline::Clock::now();
    std::future<Past> past;
    if (memory != nullptr) {
        look.report.project = config.project;
        options.earlier = [&, deadline = options.deadline] {
            auto counters = memory->counters(deadline);
            if (!config.project.empty()) past = begin_recall(*memory, look.report, deadline);
            return counters;
        };
    }
    look.gathered = probe::gather(config, options);
    look.report.project = look.gathered.config.project;
    // Whose past it is may be known only now.
    if (past.valid())
        look.gathered.seen.past = past.get();
    else if (memory != nullptr)
        look.gathered.seen.past =
            memory->recall(look.report, options.deadline, health::baseline_families());
    look.report.duration =
        std::chrono::ceil<std::chrono::milliseconds>(core::Deadline::Clock::now() - began);
    return look;
}

namespace {

/// What the command line asks for, and which services exist though nothing may be seen of them.
health::Narrowing narrowing(const config::Config& config, const facts::Observations& seen,
                            const cli::GlobalOptions& asked) {
    health::Narrowing made{asked.components, asked.only, asked.skip, {}};
    for (const auto& [name, service] : config.services)
        made.declared.push_back(name);
    if (!seen.compose) return made;
    for (const auto& [name, service] : seen.compose->services)
        made.declared.push_back(name);
    return made;
}

/// A name that fits nothing is a mistake only where all that there is was seen.
health::Unfit unfit_of(const facts::Observations& seen, health::Unfit asked) {
    const bool all =
        seen.discovery_problem.empty() && std::ranges::all_of(seen.engines, [](const auto& engine) {
            return engine.result.has_value();
        });
    return all ? asked : health::Unfit::ignore;
}

} // namespace

void judge(report::Report& report, const config::Config& config, const facts::Observations& seen,
           const cli::GlobalOptions& asked, health::Unfit unfit) {
    report.findings = health::judge(seen, config);
    cause::annotate(report.findings, cause::dependencies(seen));
    report.project = config.project;
    report.scope = health::scope(seen, config);
    for (auto& note : health::notes(seen))
        report.notes.push_back(std::move(note));
    report.details.push_back(health::services_block(seen, config, report.findings));
    health::narrow(report.findings, narrowing(config, seen, asked), unfit_of(seen, unfit));
    record::mask_findings(report.findings, config, seen);
    report::enrich(report, config.owners, config.contacts);
    if (seen.past) report::note_recurrence(report, *seen.past);
}

namespace {

/// Writes the run into the history.
Finished finish(Memory& memory, Look look, core::Deadline deadline) {
    Finished finished{std::move(look.report), std::move(look.gathered.config)};
    memory.record(finished.report, deadline, look.gathered.counters);
    return finished;
}

} // namespace

Finished look(const cli::Context& context, const config::Config& config) {
    const auto deadline = context.deadline(default_deadline(context.options()));
    Memory memory(context);
    auto look = observe(context, config, gather_options(context, deadline), &memory);
    judge(look.report, look.gathered.config, look.gathered.seen, context.options());
    return finish(memory, std::move(look), deadline);
}

Finished wait_until_well(const cli::Context& context, const config::Config& config,
                         core::Duration wait) {
    const auto one_look = default_deadline(context.options());
    const auto command = context.deadline(wait + one_look);
    const auto until = core::Deadline::after(wait).sooner(command);
    Memory memory(context);
    std::optional<Look> last;
    for (;;) {
        const auto look_until = command.within(one_look);
        auto look = observe(context, config, gather_options(context, look_until), &memory);
        judge(look.report, look.gathered.config, look.gathered.seen, context.options(),
              health::Unfit::ignore);
        const bool stopped = context.stop().stop_requested();
        // What the deadline cut short says less than the look before it.
        if (!last || stopped || !command.passed()) last = std::move(look);
        if (stopped || until.passed() || succeeds(last->report, context.options()))
            return finish(memory, *std::move(last), look_until);
        context.progress(still_waiting(last->report));
        pause(context.stop(), until.within(1s));
        if (command.passed() || context.stop().stop_requested())
            return finish(memory, *std::move(last), look_until);
    }
}

} // namespace commands
