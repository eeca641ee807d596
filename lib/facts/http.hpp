// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "facts/observed.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace facts {

/// A server's certificate, as it was shown in the handshake.
struct Certificate {
    std::string subject{};
    std::string issuer{};
    std::vector<std::string> names{}; ///< subjectAltName: DNS names and IP addresses
    core::Time not_before{};
    core::Time not_after{};     ///< the earliest end in the chain by which it is good; of all
                                ///< that was sent when it is not
    std::string verify_error{}; ///< empty when chain and name are good
    std::string protocol{};     ///< TLSv1.3
    std::string key{};          ///< "RSA 2048", "EC 256"

    bool operator==(const Certificate&) const = default;
};

/// An answer over HTTP.
struct Http {
    int status = 0;
    std::map<std::string, std::string> headers{}; ///< names in lower case
    std::string body{};                           ///< at most the first 64 KiB
    std::string http_version{};
    std::string remote_address{};
    Phases phases{};
    std::optional<Certificate> certificate{}; ///< https only

    bool operator==(const Http&) const = default;
};

} // namespace facts
