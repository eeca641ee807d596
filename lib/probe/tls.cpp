// SPDX-License-Identifier: MIT
#include "probe/tls.hpp"

#include "net/stream.hpp"

namespace probe {

core::Result<facts::Certificate> observe_certificate(const std::string& host, std::uint16_t port,
                                                     const config::Tls& tls,
                                                     core::Deadline deadline,
                                                     std::stop_token stop) {
    net::TlsSettings settings;
    settings.ca_file = tls.ca_file;
    settings.cert_file = tls.cert_file;
    settings.key_file = tls.key_file;
    settings.server_name = host;
    settings.verify = false; // what is wrong with the certificate is the answer, not a failure
    TRY_ASSIGN(auto stream, net::Stream::connect(host, port, deadline, stop));
    TRY(stream.start_tls(settings, deadline, stop));
    return stream.certificate();
}

} // namespace probe
