// SPDX-License-Identifier: MIT
#include "probe/pg_error.hpp"
#include "support/catch.hpp"

namespace probe_pg_error_test {

using core::ErrorKind;

TEST_CASE("libpq's words become typed errors") {
    struct Case {
        const char* message;
        ErrorKind kind;
        const char* reason;
    };

    constexpr const char* k_place = "connection to server at \"127.0.0.1\", port 5432 failed: ";
    for (const auto& each : {
             Case{"FATAL:  28P01: password authentication failed for user \"x\"\n"
                  "LOCATION:  auth_failed, auth.c:338\n",
                  ErrorKind::auth, "password authentication failed for user \"x\""},
             Case{"FATAL:  28000: no pg_hba.conf entry for host", ErrorKind::auth,
                  "no pg_hba.conf"},
             Case{"FATAL:  3D000: database \"x\" does not exist", ErrorKind::missing, "does not"},
             Case{"FATAL:  53300: sorry, too many clients already", ErrorKind::protocol,
                  "sorry, too many clients already"},
             Case{"FATAL:  57P03: the database system is starting up", ErrorKind::protocol,
                  "starting up"},
             Case{"SCHWERWIEGEND:  28P01: Passwort-Authentifizierung fehlgeschlagen",
                  ErrorKind::auth, "Passwort"},
             Case{"Connection refused\n\tIs the server running on that host?", ErrorKind::refused,
                  "Connection refused"},
             Case{"No such file or directory", ErrorKind::unreachable, "No such file"},
             Case{"Permission denied", ErrorKind::permission, "Permission"},
             Case{"server closed the connection unexpectedly\n\tThis probably means",
                  ErrorKind::reset, "server closed"},
             Case{"server does not support SSL, but SSL was required", ErrorKind::tls, "SSL"},
             Case{"SSL error: certificate verify failed", ErrorKind::tls, "verify failed"},
             Case{"received invalid response to SSL negotiation: H", ErrorKind::protocol,
                  "invalid response"},
             Case{"expected authentication request from server, but received H",
                  ErrorKind::protocol, "expected"},
             Case{"authentication method 99 not supported", ErrorKind::auth, "method 99"},
             Case{"fe_sendauth: no password supplied", ErrorKind::auth, "no password"},
             Case{"", ErrorKind::protocol, "without a reason"},
             Case{"something that nobody has ever seen", ErrorKind::protocol, "nobody"},
         }) {
        CAPTURE(each.message);
        const auto error =
            probe::pg_connect_error(std::string{k_place} + each.message, core::Secret{});
        CHECK(error.kind == each.kind);
        CHECK(error.reason.find(each.reason) != std::string::npos);
        CHECK(error.reason.find("127.0.0.1") == std::string::npos);
        CHECK(error.reason.find('\n') == std::string::npos);
    }
}

TEST_CASE("what a server sends back never shows the password nor floods the screen") {
    const core::Secret password{"hunter2"};
    const auto echo =
        probe::pg_connect_error("FATAL:  28P01: you sent hunter2\x1b[31m and hunter2", password);
    CHECK(echo.reason.find("hunter2") == std::string::npos);
    CHECK(echo.reason.find('\x1b') == std::string::npos);
    const auto flood =
        probe::pg_server_error("XX000", std::string(100'000, 'x'), password, core::Phase::query);
    CHECK(flood.reason.size() < 300);
    CHECK_FALSE(probe::pg_server_error("XX000", "", password, core::Phase::query).reason.empty());
}

} // namespace probe_pg_error_test
