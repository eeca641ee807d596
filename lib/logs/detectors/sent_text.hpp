// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

// What a client has sent, as those who receive it read it.
namespace logs {

/// Returns the text with its escapes undone once: %xx, IIS's %u00xx, a log's \xNN.
[[nodiscard]] std::string once_unescaped(std::string_view text);

/// Returns the text in small letters, "+" and comments as blanks, blanks as one: what a database
/// would read.
[[nodiscard]] std::string normalised(std::string_view text);

} // namespace logs
