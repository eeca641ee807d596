// SPDX-License-Identifier: MIT
// How long a look at the past takes with a long history: fills a file with runs of a gallery's size
// and times what `health` reads of it, and what it writes. See docs/benchmarks.md.
#include "health/baseline.hpp"
#include "history/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int k_findings = 115;
constexpr int k_series = 12;

core::Finding finding(std::string id, double value, std::string unit) {
    core::Finding made;
    made.id = std::move(id);
    made.title = "A check of the gallery";
    made.group = "endpoints";
    made.subject = made.component = "frontend";
    made.verdict = core::Verdict::ok;
    made.message = "HTTP 200 in 46 ms, first byte after 41 ms (limit 1 s)";
    made.measured = core::Measured{.value = value, .unit = std::move(unit)};
    return made;
}

report::Report run_at(core::Time time, int number) {
    report::Report made;
    made.command = "health";
    made.project = "gallery";
    made.host = "ops-1";
    made.run_id = fmt::format("{}-{}", core::format_utc(time), number);
    made.started_at = time;
    for (int i = 0; i < k_findings; ++i) {
        const bool series = i < k_series;
        made.findings.push_back(
            finding(fmt::format("health.{}.subject-{}", series ? "latency-baseline" : "scrape", i),
                    0.04 + number % 7 * 0.001, "s"));
        // One in a hundred is in trouble now and then.
        if ((number + i * 13) % 100 == 0) made.findings.back().verdict = core::Verdict::warning;
    }
    return made;
}

[[noreturn]] void give_up(const core::Error& error) {
    fmt::print(stderr, "{}\n", core::describe(error));
    std::exit(1); // NOLINT(concurrency-mt-unsafe): one thread
}

history::Store open(const std::filesystem::path& file, history::Access access) {
    auto store = history::Store::open(file, access, {.deadline = core::Deadline::after(1h)});
    if (!store) give_up(store.error());
    return *std::move(store);
}

double milliseconds(Clock::duration span) {
    return std::chrono::duration<double, std::milli>(span).count();
}

/// Processor time of this process, which a busy machine does not stretch.
double processor_milliseconds() {
    timespec now{};
    (void)::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// Runs `work` many times and prints how long it took.
template <class Work>
void measure(const char* what, int times, Work work) {
    std::vector<double> took;
    std::vector<double> processor;
    for (int i = 0; i < times; ++i) {
        const auto began = Clock::now();
        const auto used = processor_milliseconds();
        work(i);
        took.push_back(milliseconds(Clock::now() - began));
        processor.push_back(processor_milliseconds() - used);
    }
    fmt::print("{:<24} median {:6.2f} ms, of the processor {:6.2f} ms; worst {:6.2f} ms\n", what,
               median(took), median(processor), std::ranges::max(took));
}

} // namespace

int main(int argc, char* argv[]) {
    const int runs = argc > 1 ? std::atoi(argv[1]) : 10'000;
    const auto file =
        std::filesystem::temp_directory_path() / fmt::format("gallery-ops-bench-{}.db", ::getpid());
    const core::Time start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
    constexpr auto k_between = 5min;
    {
        auto store = open(file, history::Access::write);
        for (int i = 0; i < runs; ++i) {
            if (const auto done = store.record(run_at(start + i * k_between, i), "0.1.0"); !done)
                give_up(done.error());
        }
    }
    const auto now = start + runs * k_between;
    fmt::print("{} runs of {} findings: {:.1f} MiB\n", runs, k_findings,
               static_cast<double>(std::filesystem::file_size(file)) / 1024 / 1024);
    const history::Scope scope{"health", "gallery", "ops-1"};
    std::size_t samples = 0;
    measure("open and read the past", 200, [&](int) {
        const auto store = open(file, history::Access::read);
        const auto past = store.past(scope, now, health::baseline_families());
        if (!past) give_up(past.error());
        samples = 0;
        for (const auto& [id, series] : past->series)
            samples += series.samples.size();
    });
    measure("open and write one run", 200, [&](int i) {
        auto store = open(file, history::Access::write);
        const auto done = store.record(run_at(now + i * k_between, runs + i), "0.1.0");
        if (!done) give_up(done.error());
    });
    fmt::print("{} samples of {} series were read\n", samples, k_series);
    std::filesystem::remove(file);
}
