// SPDX-License-Identifier: MIT
#include "probe/self.hpp"

#include "probe/detached.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace probe {
namespace {

namespace fs = std::filesystem;

/// The day on which this file was compiled. A reproducible build sets it by SOURCE_DATE_EPOCH.
core::Time build_day() {
    constexpr std::string_view k_date{__DATE__}; // "Jan  1 2026"
    constexpr std::string_view k_months{"JanFebMarAprMayJunJulAugSepOctNovDec"};
    const auto number = [](std::string_view text) {
        unsigned value = 0;
        if (text.starts_with(' ')) text.remove_prefix(1);
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    };
    const auto month = static_cast<unsigned>(k_months.find(k_date.substr(0, 3)) / 3 + 1);
    return std::chrono::sys_days{std::chrono::year_month_day{
        std::chrono::year{static_cast<int>(number(k_date.substr(7)))}, std::chrono::month{month},
        std::chrono::day{number(k_date.substr(4, 2))}}};
}

/// Whether a file stands on a real file system of which it takes room.
bool is_device(const fs::path& file) {
    const std::string name = file.string();
    return name.starts_with("/dev/") || name.starts_with("/proc/");
}

void look_at(const fs::path& file, std::vector<facts::Outlet>& outlets) {
    const auto folder = file.parent_path().empty() ? fs::path{"."} : file.parent_path();
    struct statvfs space{};
    if (::statvfs(folder.c_str(), &space) != 0) return; // writing it will say why
    const auto blocks = ::geteuid() == 0 ? space.f_bfree : space.f_bavail;
    const bool no_inode = space.f_files > 0 && space.f_ffree == 0;
    outlets.push_back({file.string(), folder.string(), core::Bytes{blocks * space.f_frsize},
                       blocks == 0 || no_inode});
}

/// Looks at the room for `files` in a thread of its own, since a file system may not answer.
std::vector<facts::Outlet> look_at_all(std::vector<fs::path> files, core::Deadline deadline,
                                       const std::stop_token& stop) {
    std::erase_if(files, is_device);
    if (files.empty()) return {};
    auto outlets = run_detached<std::vector<facts::Outlet>>(
        "the room for the outputs",
        [files = std::move(files)]() -> core::Result<std::vector<facts::Outlet>> {
            std::vector<facts::Outlet> all;
            for (const auto& file : files)
                look_at(file, all);
            return all;
        },
        deadline.within(std::chrono::seconds{1}), stop);
    return outlets ? *std::move(outlets) : std::vector<facts::Outlet>{};
}

} // namespace

facts::Self SelfWatch::finish(std::span<const fs::path> files, core::Deadline deadline,
                              const std::stop_token& stop) const {
    facts::Self self;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        self.descriptor_limit = limit.rlim_cur;
    self.clock_step = std::chrono::duration_cast<std::chrono::milliseconds>(
        (std::chrono::system_clock::now() - m_wall)
        - (std::chrono::steady_clock::now() - m_steady));
    self.built = build_day();
    self.outlets = look_at_all({files.begin(), files.end()}, deadline, stop);
    return self;
}

} // namespace probe
