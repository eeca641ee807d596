// SPDX-License-Identifier: MIT
//
// NVML, the library of NVIDIA's driver (docs.nvidia.com/deploy/nvml-api), by its own names. It is
// not linked: most hosts have none, and the driver's version of it is the only right one.
#include "probe/gpu.hpp"

#include <fmt/format.h>

#include <array>
#include <dlfcn.h>
#include <memory>

namespace probe {
namespace {

using Return = int; // nvmlReturn_t
using Device = void*;

constexpr Return k_success = 0;
constexpr Return k_no_permission = 4;
constexpr Return k_driver_not_loaded = 9;
constexpr Return k_library_not_found = 12;
constexpr int k_temperature_gpu = 0;
constexpr int k_threshold_slowdown = 1;
constexpr int k_ecc_uncorrected = 1;
constexpr int k_ecc_volatile = 0;
/// nvmlClocksThrottleReasonSwThermalSlowdown | …HwThermalSlowdown
constexpr unsigned long long k_thermal = 0x20ULL | 0x40ULL;

struct Utilization {
    unsigned gpu = 0;
    unsigned memory = 0;
};

struct Memory {
    unsigned long long total = 0;
    unsigned long long free = 0;
    unsigned long long used = 0;
};

/// nvmlMemory_v2_t: what the driver keeps for itself is not in `used`, as nvidia-smi shows it.
struct Memory2 {
    unsigned version = sizeof(Memory2) | 2U << 24U;
    unsigned long long total = 0;
    unsigned long long reserved = 0;
    unsigned long long free = 0;
    unsigned long long used = 0;
};

struct CloseLibrary {
    void operator()(void* library) const { ::dlclose(library); }
};

/// The functions that are used. One that an old driver lacks stays empty.
struct Nvml {
    std::unique_ptr<void, CloseLibrary> library{};
    Return (*init)() = nullptr;
    Return (*shutdown)() = nullptr;
    const char* (*error_text)(Return) = nullptr;
    Return (*driver_version)(char*, unsigned) = nullptr;
    Return (*count)(unsigned*) = nullptr;
    Return (*device)(unsigned, Device*) = nullptr;
    Return (*name)(Device, char*, unsigned) = nullptr;
    Return (*uuid)(Device, char*, unsigned) = nullptr;
    Return (*utilization)(Device, Utilization*) = nullptr;
    Return (*memory)(Device, Memory*) = nullptr;
    Return (*memory2)(Device, Memory2*) = nullptr;
    Return (*temperature)(Device, int, unsigned*) = nullptr;
    Return (*threshold)(Device, int, unsigned*) = nullptr;
    Return (*ecc)(Device, int, int, unsigned long long*) = nullptr;
    Return (*slowdown)(Device, unsigned long long*) = nullptr;
};

template <class Function>
void find(const Nvml& nvml, const char* symbol, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(nvml.library.get(), symbol)); // NOLINT
}

core::Error no_gpu(core::ErrorKind kind, std::string reason) {
    core::Error error;
    error.kind = kind;
    error.phase = core::Phase::query;
    error.what = "ask the NVIDIA driver";
    error.where = "NVML";
    error.reason = std::move(reason);
    error.hint = "nvidia-smi shows what the driver says";
    return error;
}

core::Result<Nvml> load() {
    Nvml nvml;
    nvml.library.reset(::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL));
    if (!nvml.library)
        return std::unexpected(no_gpu(core::ErrorKind::missing, "no NVIDIA driver here "
                                                                "(libnvidia-ml.so.1)"));
    find(nvml, "nvmlInit_v2", nvml.init);
    find(nvml, "nvmlShutdown", nvml.shutdown);
    find(nvml, "nvmlErrorString", nvml.error_text);
    find(nvml, "nvmlSystemGetDriverVersion", nvml.driver_version);
    find(nvml, "nvmlDeviceGetCount_v2", nvml.count);
    find(nvml, "nvmlDeviceGetHandleByIndex_v2", nvml.device);
    find(nvml, "nvmlDeviceGetName", nvml.name);
    find(nvml, "nvmlDeviceGetUUID", nvml.uuid);
    find(nvml, "nvmlDeviceGetUtilizationRates", nvml.utilization);
    find(nvml, "nvmlDeviceGetMemoryInfo", nvml.memory);
    find(nvml, "nvmlDeviceGetMemoryInfo_v2", nvml.memory2);
    find(nvml, "nvmlDeviceGetTemperature", nvml.temperature);
    find(nvml, "nvmlDeviceGetTemperatureThreshold", nvml.threshold);
    find(nvml, "nvmlDeviceGetTotalEccErrors", nvml.ecc);
    find(nvml, "nvmlDeviceGetCurrentClocksThrottleReasons", nvml.slowdown);
    if (nvml.init == nullptr || nvml.count == nullptr || nvml.device == nullptr)
        return std::unexpected(
            no_gpu(core::ErrorKind::protocol, "its library lacks the functions of NVML"));
    return nvml;
}

core::Error failure(const Nvml& nvml, Return code) {
    const auto kind = code == k_no_permission ? core::ErrorKind::permission
                      : code == k_driver_not_loaded || code == k_library_not_found
                          ? core::ErrorKind::missing
                          : core::ErrorKind::protocol;
    const char* text = nvml.error_text != nullptr ? nvml.error_text(code) : nullptr;
    return no_gpu(kind, text != nullptr ? std::string{text} : fmt::format("NVML error {}", code));
}

/// Whether NVML has the function and it succeeds with these arguments.
template <class Function, class... Arguments>
bool asked(Function function, Arguments... arguments) {
    return function != nullptr && function(arguments...) == k_success;
}

void read_memory(const Nvml& nvml, Device device, facts::Gpu& gpu) {
    Memory2 memory;
    if (!asked(nvml.memory2, device, &memory)) { // drivers before 510
        Memory old;
        if (!asked(nvml.memory, device, &old)) return;
        memory.used = old.used;
        memory.total = old.total;
    }
    gpu.memory_used = core::Bytes{memory.used};
    gpu.memory_total = core::Bytes{memory.total};
}

void read_figures(const Nvml& nvml, Device device, facts::Gpu& gpu) {
    std::array<char, 96> name{};
    if (asked(nvml.name, device, name.data(), static_cast<unsigned>(name.size() - 1)))
        gpu.name = name.data();
    std::array<char, 96> uuid{};
    if (asked(nvml.uuid, device, uuid.data(), static_cast<unsigned>(uuid.size() - 1)))
        gpu.uuid = plain_uuid(uuid.data());
    Utilization utilization;
    if (asked(nvml.utilization, device, &utilization)) gpu.busy = utilization.gpu / 100.0;
    read_memory(nvml, device, gpu);
    unsigned degrees = 0;
    if (asked(nvml.temperature, device, k_temperature_gpu, &degrees))
        gpu.temperature = static_cast<int>(degrees);
    if (asked(nvml.threshold, device, k_threshold_slowdown, &degrees) && degrees > 0)
        gpu.slowdown_temperature = static_cast<int>(degrees);
    unsigned long long bits = 0;
    if (asked(nvml.slowdown, device, &bits)) gpu.thermal_slowdown = (bits & k_thermal) != 0;
    unsigned long long errors = 0;
    if (asked(nvml.ecc, device, k_ecc_uncorrected, k_ecc_volatile, &errors))
        gpu.uncorrected_ecc = errors;
}

facts::Gpu read_gpu(const Nvml& nvml, unsigned index) {
    facts::Gpu gpu;
    gpu.id = std::to_string(index);
    Device device = nullptr;
    const auto code = nvml.device(index, &device);
    if (code != k_success)
        gpu.problem = failure(nvml, code).reason;
    else
        read_figures(nvml, device, gpu);
    return gpu;
}

core::Result<facts::Gpus> read_all(const Nvml& nvml) {
    facts::Gpus gpus;
    std::array<char, 80> version{};
    const bool told = asked(nvml.driver_version, version.data(), unsigned{version.size() - 1});
    gpus.source = told ? fmt::format("NVML, driver {}", version.data()) : std::string{"NVML"};
    unsigned count = 0;
    const auto code = nvml.count(&count);
    if (code != k_success) return std::unexpected(failure(nvml, code));
    for (unsigned index = 0; index < count; ++index)
        gpus.all.push_back(read_gpu(nvml, index));
    return gpus;
}

} // namespace

core::Result<facts::Gpus> observe_gpus() {
    TRY_ASSIGN(const auto nvml, load());
    const auto code = nvml.init();
    if (code != k_success) return std::unexpected(failure(nvml, code));
    auto gpus = read_all(nvml);
    if (nvml.shutdown != nullptr) nvml.shutdown();
    return gpus;
}

} // namespace probe
