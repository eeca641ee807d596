// SPDX-License-Identifier: MIT
//
// Stands in for the library of NVIDIA's driver on machines without a GPU: the same names, and one
// scene after the other as the test sets it. A library of this soname that is already loaded is
// what the probe's dlopen finds.
#include <cstdio>

namespace {

constexpr int k_success = 0;
constexpr int k_not_supported = 3;
constexpr int k_driver_not_loaded = 9;
constexpr int k_lost = 15;

int g_device = 0;

} // namespace

extern "C" {

int stand_in_scene = 0; // 0 a healthy card, 1 no driver, 2 a lost card, 3 a MIG card: few figures,
                        // 4 a driver that tells apart what it keeps for itself

int nvmlInit_v2();
int nvmlShutdown();
const char* nvmlErrorString(int code);
int nvmlSystemGetDriverVersion(char* text, unsigned size);
int nvmlDeviceGetCount_v2(unsigned* count);
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device);
int nvmlDeviceGetName(void* device, char* text, unsigned size);
int nvmlDeviceGetUUID(void* device, char* text, unsigned size);
int nvmlDeviceGetUtilizationRates(void* device, unsigned* rates);
int nvmlDeviceGetMemoryInfo(void* device, unsigned long long* memory);
int nvmlDeviceGetMemoryInfo_v2(void* device, unsigned long long* memory);
int nvmlDeviceGetTemperature(void* device, int sensor, unsigned* degrees);
int nvmlDeviceGetTemperatureThreshold(void* device, int which, unsigned* degrees);
int nvmlDeviceGetTotalEccErrors(void* device, int type, int counter, unsigned long long* errors);

int nvmlInit_v2() {
    return stand_in_scene == 1 ? k_driver_not_loaded : k_success;
}

int nvmlShutdown() {
    return k_success;
}

const char* nvmlErrorString(int code) {
    return code == k_lost ? "GPU is lost" : "Driver Not Loaded";
}

int nvmlSystemGetDriverVersion(char* text, unsigned size) {
    std::snprintf(text, size, "535.104.05");
    return k_success;
}

int nvmlDeviceGetCount_v2(unsigned* count) {
    *count = 2;
    return k_success;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
    if (stand_in_scene == 2 && index == 1) return k_lost;
    *device = &g_device;
    return k_success;
}

int nvmlDeviceGetName(void* /*device*/, char* text, unsigned size) {
    std::snprintf(text, size, "NVIDIA T4");
    return k_success;
}

int nvmlDeviceGetUUID(void* /*device*/, char* text, unsigned size) {
    std::snprintf(text, size, "GPU-5fd4f7e1-7fab-4e21-9c3b-0c1d2e3f4a5b");
    return k_success;
}

int nvmlDeviceGetUtilizationRates(void* /*device*/, unsigned* rates) {
    if (stand_in_scene == 3) return k_not_supported;
    rates[0] = 42;
    rates[1] = 17;
    return k_success;
}

int nvmlDeviceGetMemoryInfo(void* /*device*/, unsigned long long* memory) {
    memory[0] = 16ULL << 30U; // total, free, used
    memory[1] = 12ULL << 30U;
    memory[2] = 4ULL << 30U;
    return k_success;
}

int nvmlDeviceGetMemoryInfo_v2(void* /*device*/, unsigned long long* memory) {
    constexpr unsigned long long k_version = 5 * sizeof(unsigned long long) | 2ULL << 24U;
    if (stand_in_scene != 4 || (memory[0] & 0xffffffffULL) != k_version) return k_not_supported;
    memory[1] = 16ULL << 30U; // total, reserved, free, used
    memory[2] = 1ULL << 30U;
    memory[3] = 12ULL << 30U;
    memory[4] = 3ULL << 30U;
    return k_success;
}

int nvmlDeviceGetTemperature(void* /*device*/, int /*sensor*/, unsigned* degrees) {
    *degrees = 61;
    return k_success;
}

int nvmlDeviceGetTemperatureThreshold(void* /*device*/, int which, unsigned* degrees) {
    *degrees = which == 1 ? 93 : 96;
    return k_success;
}

int nvmlDeviceGetTotalEccErrors(void* /*device*/, int type, int counter,
                                unsigned long long* errors) {
    if (stand_in_scene == 3) return k_not_supported;
    *errors = type == 1 && counter == 0 ? 3 : 1000;
    return k_success;
}

} // extern "C"
