// SPDX-License-Identifier: MIT
#include "commands/notify.hpp"

#include "cli/output.hpp"
#include "cli/surroundings.hpp"
#include "commands/memory.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "notify/news.hpp"
#include "notify/requests.hpp"
#include "notify/send.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace commands {
namespace {

using config::When;
using notify::Kind;

template <class Item>
const Item* find(const std::vector<Item>& items, const std::string& name) {
    const auto found = std::ranges::find(items, name, &Item::name);
    return found == items.end() ? nullptr : &*found;
}

/// Throws core::UsageError when none of `items` has the name.
template <class Item>
void require(const std::vector<Item>& items, const notify::Target& target, const char* key) {
    if (find(items, target.name) != nullptr) return;
    std::vector<std::string> names;
    for (const auto& item : items)
        names.push_back(item.name);
    throw core::UsageError(fmt::format(
        "--notify {}: the configuration has no such name below notify.{}; it has {}",
        core::printable(target.text()), key, names.empty() ? "none" : core::join(names, ", ")));
}

bool is_wanted(When when, const notify::News& news) {
    switch (when) {
    case When::change:
        return news.changed();
    case When::problem:
        return !news.problems.empty();
    case When::always:
        break;
    }
    return true;
}

notify::Rules rules_of(const cli::GlobalOptions& options, const config::Config& config) {
    const auto is_problem = [&options](core::Verdict verdict) {
        core::Summary one;
        one.count(verdict);
        return verdict > core::Verdict::ok
               && core::exit_code(one, options.fail_on, options.unknown) != 0;
    };
    return {is_problem, config.notify.after.value_or(core::Duration{0})};
}

report::RenderOptions render_options(const cli::GlobalOptions& options) {
    report::RenderOptions render;
    render.fail_on = options.fail_on;
    render.unknown = options.unknown;
    render.version = GALLERY_OPS_VERSION;
    return render;
}

/// The call that a target is owed; nothing when there is nothing to tell it.
std::optional<net::HttpRequest> request_for(const notify::Target& target, const Finished& run,
                                            const notify::News& news,
                                            const cli::GlobalOptions& options, int exit_code) {
    const auto& all = run.config.notify;
    if (target.kind == Kind::ping)
        return notify::ping_request(*find(all.pings, target.name), exit_code);
    if (target.kind == Kind::webhook) {
        const auto& hook = *find(all.webhooks, target.name);
        if (!is_wanted(hook.when, news)) return std::nullopt;
        return notify::webhook_request(hook, run.report, news, render_options(options));
    }
    if (!run.config.alertmanager) return std::nullopt;
    return notify::alerts_request(*run.config.alertmanager, run.report, news, all.keep);
}

void complain(const cli::Context& context, const std::string& sentence) {
    cli::write_if_possible(context.around().err, fmt::format("gallery-ops: {}\n", sentence));
}

/// Under which is kept what a target was told: each has its own, and so has each part of a gallery
/// that is looked at alone.
std::string told_to(const notify::Target& target, const report::Report& run,
                    const cli::GlobalOptions& options) {
    std::vector<std::string> parts{"told", target.text(), run.command, run.host, run.project};
    const auto add = [&parts](const char* option, std::vector<std::string> names) {
        std::ranges::sort(names);
        for (const auto& name : names)
            parts.push_back(fmt::format("{} {}", option, name));
    };
    add("--component", options.components);
    add("--only", options.only);
    add("--skip", options.skip);
    return core::join(parts, "\n");
}

/// What each of them was told before and must hear the end of; nothing where nobody remembers.
using Before = std::optional<std::vector<notify::Told>>;

std::vector<Before> told_before(const Memory& memory, const std::vector<std::string>& names,
                                core::Deadline deadline) {
    const auto texts = memory.kept(names, deadline);
    std::vector<Before> all(names.size());
    for (std::size_t i = 0; texts && i < names.size(); ++i)
        all[i] = notify::parse_told(texts->at(i)).value_or(std::vector<notify::Told>{});
    return all;
}

/// When the calls have to be through: the run's own deadline counts for them too, but in an outage
/// that used it up they matter most.
core::Deadline deadline_of(const cli::Context& context) {
    constexpr auto k_least = std::chrono::seconds{1};
    const auto& options = context.options();
    const auto calls = core::Deadline::after(options.timeout);
    if (!options.deadline) return calls;
    const auto least = core::Deadline::after(k_least).at();
    return calls.sooner(core::Deadline(std::max(context.deadline(*options.deadline).at(), least)));
}

} // namespace

void check_notify(const cli::GlobalOptions& options, const config::Config& config) {
    for (const auto& target : options.notify) {
        if (target.kind == Kind::webhook) require(config.notify.webhooks, target, "webhooks");
        if (target.kind == Kind::ping) require(config.notify.pings, target, "pings");
    }
}

void notify_of(const cli::Context& context, const Finished& run, int exit_code) {
    const auto& options = context.options();
    if (options.notify.empty() || context.stop().stop_requested()) return;
    const auto deadline = deadline_of(context);
    std::vector<std::string> names;
    for (const auto& target : options.notify)
        names.push_back(told_to(target, run.report, options));
    const Memory memory(context);
    const auto before = told_before(memory, names, deadline);
    const auto rules = rules_of(options, run.config);
    std::vector<notify::Outgoing> calls;
    std::map<std::string, std::string> told;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& target = options.notify[i];
        if (target.kind == Kind::alertmanager && !run.config.alertmanager) {
            complain(context, "notify alertmanager: there is none in the configuration and none "
                              "was discovered; set alertmanager.url");
            continue;
        }
        const auto news = notify::news_of(run.report, before[i], rules);
        if (target.kind != Kind::ping && before[i] && news.told != *before[i])
            told[names[i]] = notify::to_text(news.told);
        if (auto request = request_for(target, run, news, options, exit_code))
            calls.push_back({target.text(), *std::move(request)});
    }
    for (const auto& [target, error] : notify::send(std::move(calls), deadline, context.stop())) {
        complain(context, core::describe(error));
        // Whom it did not reach was not told: the next run tries again.
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (options.notify[i].text() == target) told.erase(names[i]);
        }
    }
    if (const auto kept = memory.keep(told, deadline); !kept)
        complain(context,
                 fmt::format("what was told is not remembered: {}", core::describe(kept.error())));
}

} // namespace commands
