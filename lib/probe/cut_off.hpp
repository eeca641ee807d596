// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/units.hpp"
#include "facts/observations.hpp"

namespace probe {

/// Which of the two rounds of a look had less time than a probe may take, because the deadline of
/// the whole command came before.
struct CutOff {
    bool first = false;  ///< the Engines, the host, and the targets that the configuration names
    bool second = false; ///< the targets that were discovered, and the access logs
};

/// Whether a round that begins now and ends at `command` leaves its probes less than three quarters
/// of `timeout`. With more, a silent target counts as one that did not answer in time.
[[nodiscard]] bool is_cut_off(core::Deadline command, core::Duration timeout);

/// Takes the time-outs of the rounds that were cut off for what they are: not a word about the
/// target. They become errors of kind cancelled that name --deadline.
void own_up_to_deadline(facts::Observations& seen, const config::Given& given, CutOff cut);

} // namespace probe
