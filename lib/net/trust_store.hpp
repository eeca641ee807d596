// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

// OpenSSL's own tag, so that its headers stay in the .cpp files.
struct x509_store_st;

namespace net {

/// Returns the certificates that are trusted: those of `ca_file`, those of the system when it is
/// empty. Each is read once and kept until the file (of the system: its file or folders) changes.
/// May be called by any thread. nullptr when the file can't be read or holds no certificate.
[[nodiscard]] std::shared_ptr<x509_store_st> trust_store(const std::string& ca_file);

} // namespace net
