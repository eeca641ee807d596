// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "probe/container_logs.hpp"
#include "probe/log_file.hpp"

#include <filesystem>
#include <stop_token>
#include <string>

namespace probe {

/// Which journal is asked for.
struct JournalRequest {
    std::filesystem::path where{}; ///< a journal's file or folder; empty for this machine's own
    std::string fields{};          ///< as `journalctl --output-fields` takes them
    LogWindow window{};            ///< from and until whole seconds
};

/// Reads systemd's journal with `journalctl --output=json` (journalctl(1)), oldest entry first: its
/// format on the disk is systemd's own matter. Hands on what journalctl prints, an entry a line.
/// Nothing of what can be read before an error is kept back. Errors: missing (no journalctl, no
/// such journal, none there), permission (also where a part only may be read), protocol (a damaged
/// journal), timeout, cancelled, observer.
[[nodiscard]] core::Result<void> read_journal(const JournalRequest& request, const TakeBytes& take,
                                              core::Deadline deadline, const std::stop_token& stop);

} // namespace probe
