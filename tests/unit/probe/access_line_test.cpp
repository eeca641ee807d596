// SPDX-License-Identifier: MIT
#include "probe/access_line.hpp"
#include "support/catch.hpp"

#include <optional>
#include <string>
#include <vector>

namespace probe_access_line_test {

TEST_CASE("the status is read from the lines of access logs") {
    struct Case {
        std::string line{};
        std::optional<int> status{};
    };

    const std::vector<Case> cases{
        {R"(10.0.0.7 - - [24/Nov/2026:11:40:12 +0000] "GET /artworks HTTP/1.1" 200 512)", 200},
        {R"(10.0.0.7 - bob [24/Nov/2026:11:40:12 +0000] "POST /mint HTTP/2.0" 502 157 "-" "curl/7.88" 0.004)",
         502},
        {R"(2001:db8::1 - - [x] "GET /a%22b?q=" HTTP/1.1" 404 0)", 404},
        {R"(INFO:     172.18.0.4:51234 - "GET /health HTTP/1.1" 503 Service Unavailable)", 503},
        {R"(2026-11-24 11:40:12 api-1 | 1.2.3.4 "PUT /x HTTP/1.0" 500 -)", 500},
        {R"({"time":"2026-11-24T11:40:12Z","method":"GET","path":"/x","status":500})", 500},
        {R"({"request_uri": "/x", "status": "201", "bytes": 5})", 201},
        {R"({"level":"info","msg":"done","req":{"method":"GET"},"res":{"statusCode":503}})", 503},
        // Not a request, or not its status.
        {R"({"status": 500, "message": "the mint was refused"})", std::nullopt},
        {R"({"method": "GET", "note": "status", "x": 500})", std::nullopt},
        {R"(ERROR api: "GET /x HTTP/1.1" failed)", std::nullopt},
        {R"(1.2.3.4 - - [x] "GET /x HTTP/1.1" 5000 1)", std::nullopt},
        {R"(1.2.3.4 - - [x] "GET /x HTTP/1.1" 999 1)", std::nullopt},
        {R"(1.2.3.4 - - [x] "GET /x HTTP/1.1" 50)", std::nullopt},
        {R"(1.2.3.4 - - [x] "GET /x HTTP/1.1)", std::nullopt},
        {R"(connecting over HTTP/1.1 to 500 peers)", std::nullopt},
        {R"(2026-11-24 ERROR worker: HTTP/2 "stream" 500)", std::nullopt},
        {"", std::nullopt},
        {"{", std::nullopt},
        {R"({"method")", std::nullopt},
        {R"({"method":"GET","status":)", std::nullopt},
        {std::string("\0\xff \"", 4), std::nullopt},
    };
    for (const auto& one : cases) {
        INFO(one.line);
        CHECK(probe::answered_status(one.line) == one.status);
    }
}

} // namespace probe_access_line_test
