// SPDX-License-Identifier: MIT
#include "probe/gpu.hpp"
#include "support/catch.hpp"

#include <dlfcn.h>
#include <limits>

namespace probe_gpu_test {
namespace {

probe::Sample sample(const std::string& metric, const std::string& gpu, double value,
                     const std::string& host = {}) {
    probe::Sample made{.labels = {{"__name__", metric}, {"gpu", gpu}, {"modelName", "NVIDIA L4"}},
                       .value = value};
    if (!host.empty()) made.labels["Hostname"] = host;
    return made;
}

} // namespace

TEST_CASE("the samples of a DCGM exporter become one GPU for each host and index") {
    const std::vector samples{
        sample("DCGM_FI_DEV_GPU_UTIL", "0", 87, "node7"),
        sample("DCGM_FI_DEV_FB_USED", "0", 6144, "node7"),
        sample("DCGM_FI_DEV_FB_FREE", "0", 2048, "node7"),
        sample("DCGM_FI_DEV_GPU_TEMP", "0", 71, "node7"),
        sample("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", "0", 1, "node7"),
        sample("DCGM_FI_DEV_XID_ERRORS", "0", 0, "node7"),
        sample("DCGM_FI_DEV_GPU_UTIL", "1", 3, "node7"),
        sample("DCGM_FI_DEV_GPU_UTIL", "0", 5),
    };
    const auto gpus = probe::gpus_of_dcgm(samples);
    REQUIRE(gpus.size() == 3);
    CHECK(gpus[0].id == "0");
    CHECK(gpus[1].id == "node7:0");
    CHECK(gpus[1].name == "NVIDIA L4");
    CHECK(gpus[1].busy == 0.87);
    CHECK(gpus[1].memory_used.count == 6144ULL << 20U);
    CHECK(gpus[1].memory_total.count == 8192ULL << 20U);
    CHECK(gpus[1].temperature == 71);
    CHECK(gpus[1].uncorrected_ecc == 1);
    CHECK(gpus[1].last_xid == 0);
    CHECK(gpus[2].id == "node7:1");
}

TEST_CASE("samples that mean nothing are left out") {
    const std::vector samples{
        sample("DCGM_FI_DEV_GPU_TEMP", "0", std::numeric_limits<double>::quiet_NaN()),
        sample("DCGM_FI_DEV_FB_USED", "0", -1),
        sample("DCGM_FI_DEV_FB_USED", "0", 1e300),
        sample("DCGM_FI_DEV_GPU_TEMP", "", 50),
    };
    CHECK(probe::gpus_of_dcgm(samples).empty());
}

TEST_CASE("NVML is asked for each card, and one that is lost is told as that") {
    void* library = ::dlopen(NVML_STAND_IN, RTLD_NOW | RTLD_LOCAL);
    REQUIRE(library != nullptr);
    auto* scene = static_cast<int*>(::dlsym(library, "stand_in_scene"));
    REQUIRE(scene != nullptr);

    *scene = 0;
    auto gpus = probe::observe_gpus();
    REQUIRE(gpus);
    CHECK(gpus->source == "NVML, driver 535.104.05");
    REQUIRE(gpus->all.size() == 2);
    const auto& card = gpus->all[0];
    CHECK(card.name == "NVIDIA T4");
    CHECK(card.uuid == "5fd4f7e1-7fab-4e21-9c3b-0c1d2e3f4a5b");
    CHECK(card.busy == 0.42);
    CHECK(card.memory_used.count == 4ULL << 30U);
    CHECK(card.memory_total.count == 16ULL << 30U);
    CHECK(card.temperature == 61);
    CHECK(card.slowdown_temperature == 93);
    CHECK(card.uncorrected_ecc == 3);
    CHECK_FALSE(card.thermal_slowdown); // the stand-in lacks that function, as an old driver does

    *scene = 4; // what the driver keeps for itself is not used by anyone
    gpus = probe::observe_gpus();
    REQUIRE(gpus);
    CHECK(gpus->all.at(0).memory_used.count == 3ULL << 30U);
    CHECK(gpus->all.at(0).memory_total.count == 16ULL << 30U);

    *scene = 2;
    gpus = probe::observe_gpus();
    REQUIRE(gpus);
    CHECK(gpus->all[0].problem.empty());
    CHECK(gpus->all[1].problem == "GPU is lost");

    *scene = 3;
    gpus = probe::observe_gpus();
    REQUIRE(gpus);
    CHECK_FALSE(gpus->all[0].busy);
    CHECK_FALSE(gpus->all[0].uncorrected_ecc);

    *scene = 1;
    gpus = probe::observe_gpus();
    REQUIRE_FALSE(gpus);
    CHECK(gpus.error().kind == core::ErrorKind::missing);
    CHECK(gpus.error().reason == "Driver Not Loaded");
    CHECK_FALSE(gpus.error().hint.empty());
    ::dlclose(library);
}

} // namespace probe_gpu_test
