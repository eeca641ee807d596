// SPDX-License-Identifier: MIT
#include "logs/detectors/catalogue.hpp"

#include <array>

// The list of detectors: each is a constant in a file of its own.
namespace logs {

extern const Detector k_errors;
extern const Detector k_new_kinds;
extern const Detector k_failed_requests;
extern const Detector k_sign_ins;
extern const Detector k_rate_limits;
extern const Detector k_web_attacks;
extern const Detector k_latency;
extern const Detector k_queries;
extern const Detector k_resources;
extern const Detector k_restarts;
extern const Detector k_silence;
extern const Detector k_works;
extern const Detector k_unreadable;

std::span<const Detector* const> detectors() {
    static constexpr std::array k_all{
        &k_errors,      &k_new_kinds,   &k_failed_requests, &k_works,   &k_latency,
        &k_queries,     &k_resources,   &k_restarts,        &k_silence, &k_sign_ins,
        &k_web_attacks, &k_rate_limits, &k_unreadable};
    return k_all;
}

const core::CheckSpec& reading_spec() {
    return k_unreadable.spec;
}

} // namespace logs
