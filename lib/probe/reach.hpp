// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "facts/docker.hpp"

#include <stop_token>

namespace probe {

/// Fills in whether each running container of a local Engine answers on its network: one TCP
/// connection attempt to its own address, past published ports and their proxy. Costs a millisecond
/// when all answer, at most 1.2 s when one is silent. Where no container of a network answers, the
/// network can't be reached from here (rootless, overlay) and nothing is said of any.
void observe_reach(facts::Docker& engine, core::Deadline deadline, const std::stop_token& stop);

} // namespace probe
