// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace health {

/// What the command line asks to be looked at; empty lists ask for everything.
struct Narrowing {
    std::vector<std::string>
        components{}; ///< services, or the playbook's names: database, gan, contracts
    std::vector<std::string>
        only{}; ///< groups of the overview or check families: postgres, disk, http
    std::vector<std::string> skip{};
    std::vector<std::string> declared{}; ///< services that exist by the compose file or the
                                         ///< configuration, also while nothing is seen of them
};

/// What a name that fits nothing is: a mistake, or, after a first look that it did fit, a sign that
/// what it names can't be seen now.
enum class Unfit : std::uint8_t { refuse, ignore };

/// Throws core::UsageError when a name of `only` or `skip` fits no check: before anything is looked
/// at.
void check_names(const Narrowing& asked);

/// Whether a finding of the check `id` (health.host-cpu) may be asked for: what takes long to
/// measure is not measured in vain.
[[nodiscard]] bool may_be_asked_for(const Narrowing& asked, std::string_view id);

/// Removes the findings that are not asked for, and from the others the causes that are no longer
/// among them. Throws core::UsageError when a name fits nothing that exists, unless it is to be
/// ignored: a misspelt --only must not read as success. A component that fits nothing and is not
/// refused gets a finding of its own, unknown, and keeps what is wrong with the Engines and the
/// discovery, which says why.
void narrow(std::vector<core::Finding>& findings, const Narrowing& asked,
            Unfit unfit = Unfit::refuse);

} // namespace health
