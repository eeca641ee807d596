// SPDX-License-Identifier: MIT
#include "probe/cut_off.hpp"

#include "core/error.hpp"

namespace probe {
namespace {

void own_up(core::Error& error) {
    if (error.kind != core::ErrorKind::timeout) return;
    error.kind = core::ErrorKind::cancelled;
    error.reason += "; the run's deadline cut it off before its time-out";
    error.hint = "look again with a longer --deadline";
}

template <class Facts>
void own_up(std::vector<facts::Observed<Facts>>& all, bool was_cut) {
    if (!was_cut) return;
    for (auto& observed : all)
        if (!observed.result) own_up(observed.result.error());
}

void own_up_to_content(std::vector<facts::Observed<facts::Ipfs>>& nodes, bool was_cut) {
    if (!was_cut) return;
    for (auto& node : nodes)
        if (node.result && node.result->content && !*node.result->content)
            own_up(node.result->content->error());
}

} // namespace

bool is_cut_off(core::Deadline command, core::Duration timeout) {
    return command.remaining() < timeout * 3 / 4;
}

void own_up_to_deadline(facts::Observations& seen, const config::Given& given, CutOff cut) {
    const auto of = [&](bool named) { return named ? cut.first : cut.second; };
    own_up(seen.engines, cut.first);
    own_up(seen.host, cut.first);
    own_up(seen.gpus, cut.first);
    own_up(seen.endpoints, of(given.endpoints));
    own_up(seen.postgres, of(given.postgres));
    own_up(seen.redis, of(given.redis));
    own_up(seen.ipfs, of(given.ipfs));
    own_up_to_content(seen.ipfs, of(given.ipfs));
    own_up(seen.prometheus, of(given.prometheus));
    own_up(seen.alertmanager, of(given.alertmanager));
    own_up(seen.grafana, of(given.grafana));
    own_up(seen.ethereum, of(given.ethereum));
    own_up(seen.access_logs, cut.second);
}

} // namespace probe
