// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"

#include <string_view>

namespace cli {

/// Writes all of `text` to a descriptor. A reader that went away (EPIPE) is success: it has seen
/// what it wanted. Errors: observer ("No space left on device").
[[nodiscard]] core::Result<void> write_all(int descriptor, std::string_view text);

/// Opens /dev/null on those of the descriptors 0, 1 and 2 that the caller of the program closed,
/// so that no file or socket opened later takes their place and receives what is meant for
/// standard output. Writing to a closed standard output still fails.
void guard_standard_descriptors();

} // namespace cli
