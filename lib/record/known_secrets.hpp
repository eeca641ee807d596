// SPDX-License-Identifier: MIT
#pragma once

#include "record/recording.hpp"

#include <set>
#include <string>
#include <string_view>

namespace record {

/// Values that a recording itself shows to be secret.
class KnownSecrets {
  public:
    /// Collects them from the configuration and from the containers' environment and commands. A
    /// value that is short, or part of a name that the report needs, is left out: masking "gallery"
    /// everywhere would hide the gallery.
    explicit KnownSecrets(const Recording& recording);

    /// Returns `text` with each of them masked, the longest first.
    [[nodiscard]] std::string mask(std::string text) const;

  private:
    struct Longer {
        bool operator()(const std::string& a, const std::string& b) const {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        }
    };

    void add(std::string_view value);
    void add_found(std::string_view text);

    std::set<std::string, Longer> m_values{};
};

} // namespace record
