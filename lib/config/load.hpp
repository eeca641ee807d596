// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/error.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

/// Reads an environment variable; a parameter, so that tests bring their own.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

/// Returns the environment of this process.
[[nodiscard]] Environment process_environment();

/// A mistake in a configuration file.
struct Problem {
    int line = 0; ///< from 1
    int column = 0;
    std::string key{}; ///< dotted path: "postgres[0].dsn"
    std::string message{};
    std::string hint{}; ///< "did you mean 'prometheus'?"
};

struct Loaded {
    Config config{};
    std::vector<Problem> errors{};
    std::vector<Problem> notes{}; ///< no mistakes: sections that this version does not read yet
    std::vector<Problem> literal_secrets{}; ///< secrets that stand in the text itself; mistakes
                                            ///< only where others can read the file
};

/// Returns the file that applies: `explicit_file`, else $GALLERY_OPS_CONFIG, ./gallery-ops.yaml,
/// $XDG_CONFIG_HOME/gallery-ops/config.yaml (~/.config when unset), /etc/gallery-ops/config.yaml;
/// nothing when none exists. A file named by the option or the variable must exist: ConfigError.
[[nodiscard]] std::optional<std::filesystem::path>
find_file(const std::optional<std::filesystem::path>& explicit_file, const Environment& env);

/// Parses `text`. Every mistake is collected: unknown keys with the nearest known one, wrong types,
/// bad units, duplicate names, missing required keys. `${NAME}` in any scalar is replaced from
/// `env` (an unset one is an error unless written `${NAME:-default}`); a secret may be written as
/// `file:/path`, read relative to the configuration file's folder. Passwords inside a DSN or URL
/// are moved into `password`. Throws nothing.
[[nodiscard]] Loaded parse(std::string_view text, const std::filesystem::path& file,
                           const Environment& env);

/// Reads and parses `file` as `load` does, without throwing for mistakes: a literal secret in a
/// file that group or others can read is among the errors. Throws ConfigError when the file can't
/// be read at all.
[[nodiscard]] Loaded read(const std::filesystem::path& file, const Environment& env);

/// Reads and parses `file`; throws ConfigError holding all problems, one a line, as
/// "FILE:LINE:COLUMN: message; hint". A file that holds a literal secret and that group or others
/// can read is refused with the chmod that mends it.
[[nodiscard]] Config load(const std::filesystem::path& file, const Environment& env);

/// Formats a problem as "FILE:LINE:COLUMN: message; hint".
[[nodiscard]] std::string describe(const Problem& problem, const std::string& file);

} // namespace config
