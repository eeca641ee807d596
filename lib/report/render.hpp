// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/verdict.hpp"
#include "report/report.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace report {

enum class Charset : std::uint8_t { utf8, ascii };
enum class Colour : std::uint8_t { off, on };
enum class Detail : std::uint8_t { quiet, normal, verbose };

/// Everything outside the report that a rendering depends on.
struct RenderOptions {
    std::size_t width = 80;
    Charset charset = Charset::utf8;
    Colour colour = Colour::off;
    Detail detail = Detail::normal;
    core::FailOn fail_on = core::FailOn::warning;
    core::UnknownPolicy unknown = core::UnknownPolicy::fails;
    core::Time now{};  ///< times are shown relative to it
    int exit_code = 0; ///< for show only, decided by the caller
    std::string version{};
};

/// One output format.
struct Format {
    std::string_view name{};
    std::string_view help{}; ///< one line for --help and the man page
    std::string (*render)(const Report&, const RenderOptions&) = nullptr;
};

/// Returns all output formats that exist, in the order of the manual.
[[nodiscard]] std::span<const Format> formats();

/// Returns the format called `name`, or nothing.
[[nodiscard]] const Format* find_format(std::string_view name);

/// Replaces `file` by `content` in one step: a temporary file in the same folder, fsync, rename,
/// fsync of the folder. On failure the old file is untouched and the temporary one is gone. An
/// existing file keeps its mode; a device or a pipe (/dev/stdout) is written to instead.
[[nodiscard]] core::Result<void> write_atomically(const std::filesystem::path& file,
                                                  std::string_view content);

} // namespace report
