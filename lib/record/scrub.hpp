// SPDX-License-Identifier: MIT
#pragma once

#include "record/recording.hpp"

namespace record {

/// Takes everything out of a recording that is secret, or may be:
/// - of the containers' environment only the host names stay that lead to other services, command
///   lines go, and of the labels only those of compose and swarm stay;
/// - of HTTP answers only harmless headers and those that the configuration expects stay;
/// - passwords, tokens and headers of the configuration are masked;
/// - in every text, what looks like a secret is masked (`mask_text`), and so is every value that
///   this very recording knows to be one.
/// No judgement changes by it: an expectation of an endpoint that was met by what is masked now is
/// taken out of the recorded configuration. Scrubbing twice changes nothing more.
void scrub(Recording& recording);

} // namespace record
