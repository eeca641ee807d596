// SPDX-License-Identifier: MIT
#include "commands/notify.hpp"

#include "cli/output.hpp"
#include "cli/surroundings.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "notify/news.hpp"
#include "notify/requests.hpp"
#include "notify/send.hpp"

#include <fmt/format.h>

#include <algorithm>
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
    const auto news = notify::news_of(run.report, run.last_run, rules_of(options, run.config));
    std::vector<notify::Outgoing> calls;
    for (const auto& target : options.notify) {
        if (target.kind == Kind::alertmanager && !run.config.alertmanager)
            complain(context, "notify alertmanager: there is none in the configuration and none "
                              "was discovered; set alertmanager.url");
        if (auto request = request_for(target, run, news, options, exit_code))
            calls.push_back({target.text(), *std::move(request)});
    }
    const auto deadline = core::Deadline::after(options.timeout);
    for (const auto& trouble : notify::send(std::move(calls), deadline, context.stop()))
        complain(context, core::describe(trouble));
}

} // namespace commands
