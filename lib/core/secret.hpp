// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace core {

/// A value that must never reach output, logs, argv or error texts. It has no implicit conversion
/// and no formatter; only an adapter that hands it to a server calls `reveal`.
class Secret {
  public:
    Secret() = default;

    explicit Secret(std::string value) : m_value(std::move(value)) {}

    [[nodiscard]] const std::string& reveal() const { return m_value; }

    [[nodiscard]] bool empty() const { return m_value.empty(); }

    bool operator==(const Secret&) const = default;

  private:
    std::string m_value{};
};

/// What stands in place of a secret wherever one would be printed.
inline constexpr std::string_view k_masked = "***";

/// Whether a part of a URL's path is a key, as providers of Ethereum nodes hand them out
/// (https://host/v3/0123456789abcdef0123456789abcdef). Content identifiers of IPFS are none.
[[nodiscard]] bool is_path_key(std::string_view part);

/// Returns `url` with its secrets masked: the password of its user part
/// (scheme://user:password@host), on the web also a user without one (https://token@host), keys in
/// its path, and parameters like token, apiKey and signature.
[[nodiscard]] std::string mask_url(std::string_view url);

/// Returns `dsn` ("host=… password=…" or a postgresql:// URL) with its password masked.
[[nodiscard]] std::string mask_dsn(std::string_view dsn);

} // namespace core
