// SPDX-License-Identifier: MIT
// What Prometheus holds of GPUs more than once, or holds that can't be.
#include "probe/gpu.hpp"
#include "support/catch.hpp"

#include <map>

namespace probe_gpu_dcgm_test {
namespace {

using Labels = std::map<std::string, std::string>;

constexpr std::uint64_t k_gib = std::uint64_t{1} << 30U;

/// A sample of GPU 0 of node7, unless the labels say otherwise.
probe::Sample sample(const std::string& metric, double value, const Labels& more = {}) {
    probe::Sample made{.labels = {{"gpu", "0"}, {"Hostname", "node7"}, {"UUID", "GPU-5FD4f7e1"}},
                       .value = value};
    for (const auto& [name, text] : more)
        made.labels[name] = text;
    made.labels["__name__"] = "DCGM_FI_DEV_" + metric;
    return made;
}

} // namespace

TEST_CASE("a GPU that two jobs scrape is one, and as full as it is") {
    const Labels other{{"job", "dcgm-too"}};
    const std::vector samples{
        sample("FB_USED", 8192),        sample("FB_FREE", 0),        sample("GPU_TEMP", 60),
        sample("FB_USED", 8192, other), sample("FB_FREE", 0, other), sample("GPU_TEMP", 61, other),
    };
    const auto gpus = probe::gpus_of_dcgm(samples);
    REQUIRE(gpus.size() == 1);
    CHECK(gpus[0].id == "node7:0");
    CHECK(gpus[0].uuid == "5fd4f7e1");
    CHECK(gpus[0].memory_used.count == 8 * k_gib);
    CHECK(gpus[0].memory_total.count == 8 * k_gib);
    CHECK(gpus[0].temperature == 61);
}

TEST_CASE("two looks at one memory are not mixed") {
    const Labels later{{"job", "dcgm-too"}};
    const std::vector samples{sample("FB_USED", 6144), sample("FB_FREE", 2048, later),
                              sample("FB_USED", 6144, later), sample("FB_FREE", 2048)};
    const auto gpus = probe::gpus_of_dcgm(samples);
    REQUIRE(gpus.size() == 1);
    CHECK(gpus[0].memory_used.count == 6 * k_gib);
    CHECK(gpus[0].memory_total.count == 8 * k_gib);
}

TEST_CASE("each slice of a GPU has a memory of its own") {
    const Labels one{{"GPU_I_ID", "1"}};
    const Labels two{{"GPU_I_ID", "2"}};
    const std::vector samples{sample("FB_USED", 1024, one), sample("FB_FREE", 1024, one),
                              sample("FB_USED", 2048, two), sample("FB_FREE", 0, two)};
    const auto gpus = probe::gpus_of_dcgm(samples);
    REQUIRE(gpus.size() == 2);
    CHECK(gpus[0].id == "node7:0-mig1");
    CHECK(gpus[0].memory_used.count == 1 * k_gib);
    CHECK(gpus[0].memory_total.count == 2 * k_gib);
    CHECK(gpus[1].id == "node7:0-mig2");
    CHECK(gpus[1].memory_used == gpus[1].memory_total);
    CHECK(gpus[0].uuid != gpus[1].uuid);
}

TEST_CASE("without the host's name GPUs of several hosts are told by their UUID") {
    const std::vector samples{
        sample("GPU_TEMP", 50, {{"Hostname", ""}, {"UUID", "GPU-aaaaaaaa-1111"}}),
        sample("GPU_TEMP", 70, {{"Hostname", ""}, {"UUID", "GPU-bbbbbbbb-2222"}})};
    const auto gpus = probe::gpus_of_dcgm(samples);
    REQUIRE(gpus.size() == 2);
    CHECK(gpus[0].id == "0-aaaaaaaa");
    CHECK(gpus[0].temperature == 50);
    CHECK(gpus[1].id == "0-bbbbbbbb");
    CHECK(gpus[1].temperature == 70);
}

TEST_CASE("a figure beyond any device is none") {
    CHECK(probe::gpus_of_dcgm(std::vector{sample("GPU_TEMP", 1e12), sample("GPU_UTIL", 1e6),
                                          sample("FB_USED", 1e12), sample("SLOWDOWN_TEMP", 1e9)})
              .empty());
    // Used without free says nothing of the whole.
    const auto gpus = probe::gpus_of_dcgm(std::vector{sample("FB_USED", 1024)});
    REQUIRE(gpus.size() == 1);
    CHECK(gpus[0].memory_total.count == 0);
}

} // namespace probe_gpu_dcgm_test
