// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "facts/prometheus.hpp"
#include "probe/answer.hpp"

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The PromQL that the Prometheus probe asks, and what its results mean. Pure.

namespace probe {

/// Counters of HTTP requests, the most usual first: client libraries and middlewares for Python,
/// Node, Go, Java, OpenTelemetry, and proxies.
inline constexpr std::array<std::string_view, 14> k_request_counters{
    "http_requests_total",
    "http_server_requests_seconds_count",
    "http_request_duration_seconds_count",
    "http_server_request_duration_seconds_count",
    "http_server_requests_total",
    "http_request_total",
    "starlette_requests_total",
    "fastapi_responses_total",
    "flask_http_request_total",
    "django_http_responses_total_by_status_total",
    "express_http_request_duration_seconds_count",
    "traefik_service_requests_total",
    "nginx_http_response_count_total",
    "nginx_ingress_controller_requests"};

/// Labels that hold the status, the most usual first.
inline constexpr std::array<std::string_view, 5> k_status_labels{
    "status", "code", "status_code", "http_status_code", "http_response_status_code"};

/// Histograms of the GAN's generation time in seconds.
inline constexpr std::array<std::string_view, 8> k_generation_histograms{
    "gan_generation_seconds_bucket",          "gan_generation_duration_seconds_bucket",
    "gan_generation_time_seconds_bucket",     "gan_inference_seconds_bucket",
    "gan_inference_duration_seconds_bucket",  "generation_duration_seconds_bucket",
    "art_generation_duration_seconds_bucket", "image_generation_duration_seconds_bucket"};

/// One element of an instant vector, or a scalar without labels.
struct Sample {
    std::map<std::string, std::string> labels{};
    double value = 0; ///< NaN and infinities are kept

    [[nodiscard]] std::string label(const std::string& name) const;
};

/// A request counter and the label that holds its status.
struct Counter {
    std::string metric{};
    std::string status_label{};

    bool operator==(const Counter&) const = default;
};

/// Reads the "data" of an instant query: a vector or a scalar. Errors: protocol.
[[nodiscard]] core::Result<std::vector<Sample>> read_samples(const JsonView& data);

/// Returns the query that tells which of `metrics` exist: one sample each, with its name.
[[nodiscard]] std::string existing_query(std::span<const std::string_view> metrics);

/// Returns the query that tells which request counters have a status in `label`.
[[nodiscard]] std::string counters_query(std::string_view label);

[[nodiscard]] std::string queue_query();
/// Asks for a histogram's p95 and for its buckets, since a quantile beyond the largest finite
/// bucket reads as that bucket's bound. `window` is how far the rates look back.
[[nodiscard]] std::string p95_query(std::string_view histogram, std::chrono::seconds window);
[[nodiscard]] std::string requests_query(const Counter& counter, std::chrono::seconds window);
[[nodiscard]] std::string errors_query(const Counter& counter, std::chrono::seconds window);

/// Returns the first of `known` that is among `present`.
[[nodiscard]] std::optional<std::string_view> first_known(std::span<const std::string_view> known,
                                                          std::span<const std::string> present);

/// Returns the first well-known counter that has a status label, with the first such label.
[[nodiscard]] std::optional<Counter>
choose_counter(const std::map<std::string_view, std::vector<std::string>>& metrics_by_label);

/// What the answer to `p95_query` tells.
struct GenerationTime {
    std::optional<double> p95{}; ///< seconds; nothing: none can be told
    std::optional<double> end{}; ///< seconds, the largest finite bound; nothing: there is none
    bool counted = false;        ///< something was generated within the window

    bool operator==(const GenerationTime&) const = default;
};

[[nodiscard]] GenerationTime generation_time(std::span<const Sample> samples);

/// Returns the label "service", else "job", else "all".
[[nodiscard]] std::string service_of(const Sample& sample);

/// Joins request and error rates by service; a service without errors has the rate 0.
[[nodiscard]] std::vector<facts::ErrorRate> join_rates(std::span<const Sample> requests,
                                                       std::span<const Sample> errors);

} // namespace probe
