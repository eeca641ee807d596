// SPDX-License-Identifier: MIT
#pragma once

#include "config/types.hpp"
#include "core/text.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

/// What a text must look like before it is stored behind a key.
namespace config {

/// The complaint about a text, or nothing.
using Outcome = std::optional<Complaint>;

/// Returns the complaint of a value that is of another kind: says what the key takes, and what to
/// write.
[[nodiscard]] Complaint wrong(const Field& field, const std::string& path,
                              std::string_view suggestion = {});

/// Checks the form of a text that is stored as it is: a URL, a DSN, an address, a pattern…
[[nodiscard]] Outcome check_text(const Field& field, const std::string& path,
                                 const std::string& text);

/// Refuses control characters; only a text that people write over several lines may hold line ends.
[[nodiscard]] Outcome check_controls(const Field& field, const std::string& path,
                                     const std::string& text);

/// Returns the number that the whole of `text` is, spaces around it aside.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) {
    text = core::trim(text);
    Number number{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

} // namespace config
