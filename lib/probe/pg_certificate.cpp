// SPDX-License-Identifier: MIT
#include "probe/pg_certificate.hpp"

#include "net/stream.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace probe {
namespace {

/// The question for TLS (PostgreSQL manual, "Message Formats", SSLRequest).
constexpr std::string_view k_ssl_request{"\0\0\0\x08\x04\xd2\x16\x2f", 8};

std::string option(const PgTarget& target, const std::string& name) {
    const auto found = target.options.find(name);
    return found == target.options.end() ? std::string{} : found->second;
}

core::Result<facts::Certificate> look(const PgTarget& target, const PgHost& host,
                                      core::Deadline deadline, const std::stop_token& stop) {
    const auto& place = host.hostaddr.empty() ? host.host : host.hostaddr;
    TRY_ASSIGN(auto stream, net::Stream::connect(place, host.port, deadline, stop));
    TRY(stream.write(k_ssl_request, deadline, stop));
    std::array<char, 1> answer{};
    TRY_ASSIGN(const auto got, stream.read(answer, deadline, stop));
    if (got != 1 || answer[0] != 'S') return facts::Certificate{};
    net::TlsSettings settings;
    settings.ca_file = option(target, "sslrootcert");
    if (settings.ca_file == "system") settings.ca_file.clear(); // libpq 16's word for the same
    settings.server_name = host.host.empty() ? host.hostaddr : host.host;
    settings.verify = false;
    TRY(stream.start_tls(settings, deadline, stop));
    return stream.certificate();
}

} // namespace

core::Error explain_certificate(core::Error error, const PgTarget& target, core::Deadline deadline,
                                const std::stop_token& stop) {
    const bool verified =
        option(target, "sslmode") == "verify-full" && !option(target, "sslrootcert").empty();
    if (error.kind != core::ErrorKind::tls || !verified) return error;
    const auto host =
        std::ranges::find_if(target.hosts, [](const PgHost& one) { return !one.is_socket(); });
    if (host == target.hosts.end()) return error;
    const auto certificate = look(target, *host, deadline, stop);
    if (!certificate || certificate->verify_error.empty()) return error;
    error.reason = "certificate: " + certificate->verify_error;
    error.hint = "renew or replace the certificate, or name its CA in sslrootcert";
    const auto now = std::chrono::system_clock::now();
    if (now < certificate->not_before || now > certificate->not_after)
        error.own = core::OwnTrouble::clock;
    return error;
}

} // namespace probe
