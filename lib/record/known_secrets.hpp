// SPDX-License-Identifier: MIT
#pragma once

#include "record/recording.hpp"

#include <set>
#include <string>
#include <string_view>

namespace record {

/// Values that a look itself shows to be secret.
class KnownSecrets {
  public:
    /// Collects them from the configuration and from the containers' environment and commands. A
    /// value that is short, or part of a name that the report needs, is left out: masking "gallery"
    /// everywhere would hide the gallery.
    explicit KnownSecrets(const Recording& recording);

    /// Collects what the configuration and the containers' environment call a secret, and leaves
    /// out what might as well be a word of a message. Quick: for each report, not for a recording.
    KnownSecrets(const config::Config& config, const facts::Observations& seen);

    /// Returns `text` with each of them masked, the longest first.
    [[nodiscard]] std::string mask(std::string text) const;

    /// As `mask`, but not within a longer word.
    [[nodiscard]] std::string mask_words(std::string text) const;

  private:
    struct Longer {
        bool operator()(const std::string& a, const std::string& b) const {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        }
    };

    void add(std::string_view value);
    void add_found(std::string_view text);
    void add_user_part(std::string_view url);
    void leave_out_names(const config::Config& config, const facts::Observations& seen,
                         std::string_view host);

    std::set<std::string, Longer> m_values{};
};

} // namespace record
