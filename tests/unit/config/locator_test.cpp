// SPDX-License-Identifier: MIT
#include "config/locator.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

namespace config_locator_test {

using namespace std::string_literals;

TEST_CASE("a URL is taken apart") {
    const auto url = config::parse_url("HTTP://us%40er:p%3Aw@host.example:8080/a/b?c=d#e");
    REQUIRE(url);
    CHECK(url->scheme == "http");
    CHECK(url->user == "us@er");
    CHECK(url->password == "p:w");
    CHECK(url->host == "host.example");
    CHECK(url->port == 8080);
    CHECK(url->rest == "/a/b?c=d#e");
    CHECK(url->plain() == "http://host.example:8080/a/b?c=d#e");

    const auto ipv6 = config::parse_url("redis://:pw@[::1]:6379");
    REQUIRE(ipv6);
    CHECK(ipv6->host == "::1");
    CHECK(ipv6->has_user);
    CHECK(ipv6->plain() == "redis://[::1]:6379");
    CHECK_FALSE(config::parse_url("http://h")->port);
    CHECK(config::parse_url("http://u:a@b@h/")->password == "a@b");
}

TEST_CASE("what is wrong with a URL is said without quoting it") {
    struct Case {
        std::string text{};
        std::string error{};
    };

    const std::vector<Case> cases{
        {"", "the scheme is missing"},
        {"host:80", "the scheme is missing"},
        {"://host", "the scheme is missing"},
        {"1x://host", "the scheme is not a word"},
        {"http://", "the host is missing"},
        {"http:///path", "the host is missing"},
        {"http://:80", "the host is missing"},
        {"http://h:", "the port must be a number from 1 to 65535"},
        {"http://h:0", "the port must be a number from 1 to 65535"},
        {"http://h:65536", "the port must be a number from 1 to 65535"},
        {"http://h:80x", "the port must be a number from 1 to 65535"},
        {"http://h:-1", "the port must be a number from 1 to 65535"},
        {"http://a b/", "a blank inside of the URL"},
        {"http://[::1", "'[' without its ']'"},
        {"http://[::1]x", "text after the host"},
        {"http://[host]", "no IPv6 address between '[' and ']'"},
        {"http://h\\x", "the host holds a character that no host has"},
        {"http://u:secret/1@h", "the port must be a number from 1 to 65535"},
    };
    for (const auto& each : cases) {
        INFO(each.text);
        const auto url = config::parse_url(each.text);
        REQUIRE_FALSE(url);
        CHECK(url.error() == each.error);
        CHECK(url.error().find("secret") == std::string::npos);
    }
}

TEST_CASE("a connection string gives up its password and keeps the rest") {
    struct Case {
        std::string text{};
        std::string plain{};
        std::string password{};
    };

    const std::vector<Case> cases{
        {"host=h password=p user=u", "host=h user=u", "p"},
        {"password = 'a b\\'c' host = h", "host = h", "a b'c"},
        {"host=h password=a\\ b", "host=h", "a b"},
        {"password=only", "", "only"},
        {"postgresql://u:p%40ss@h:5432/db?sslmode=require",
         "postgresql://u@h:5432/db?sslmode=require", "p@ss"},
        {"postgres://u:p@h/db", "postgres://u@h/db", "p"},
        {"postgresql://:p@h", "postgresql://@h", "p"},
        {"postgresql://u@h/db?password=q%26&sslmode=disable", "postgresql://u@h/db?sslmode=disable",
         "q&"},
        {"postgresql://u:p@h1:1,h2:2/db", "postgresql://u@h1:1,h2:2/db", "p"},
        {"postgresql://u:p@%2Fvar%2Frun/db", "postgresql://u@%2Fvar%2Frun/db", "p"},
    };
    for (const auto& each : cases) {
        INFO(each.text);
        const auto dsn = config::parse_dsn(each.text);
        REQUIRE(dsn);
        CHECK(dsn->plain == each.plain);
        CHECK(dsn->password == each.password);
        // What is left is a connection string too, and free of passwords.
        const auto again = config::parse_dsn(dsn->plain);
        REQUIRE(again);
        CHECK_FALSE(again->password);
        CHECK(again->values == dsn->values);
    }
}

TEST_CASE("a connection string's values are decoded") {
    const auto keys = config::parse_dsn("host=h port=5433 user='u x' dbname=d");
    REQUIRE(keys);
    CHECK(keys->values.at("user") == "u x");
    CHECK_FALSE(keys->password);
    const auto url = config::parse_dsn("postgresql://u%20x@[::1]:5433/d%2Fe?connect_timeout=3");
    REQUIRE(url);
    CHECK(url->values.at("user") == "u x");
    CHECK(url->values.at("host") == "::1");
    CHECK(url->values.at("port") == "5433");
    CHECK(url->values.at("dbname") == "d/e");
    CHECK(url->values.at("connect_timeout") == "3");
}

TEST_CASE("a connection string of the wrong shape is told") {
    struct Case {
        std::string text{};
        std::string error{};
    };

    const std::vector<Case> cases{
        {"hosts=h", "no connection parameter 'hosts'; did you mean 'host'?"},
        {"host", "'=' is missing: write host=… user=… dbname=…"},
        {"host=h foo", "'=' is missing: write host=… user=… dbname=…"},
        {"=h", "'=' is missing: write host=… user=… dbname=…"},
        {"password='secret", "a quote is not closed"},
        {"host=h port=99999", "the port must be a number from 1 to 65535"},
        {"postgresql://h:x/db", "the port must be a number from 1 to 65535"},
        {"postgresql://h/db?sslmod=x", "no connection parameter 'sslmod'; did you mean 'sslmode'?"},
        {"postgresql://h/db?x", "a parameter after '?' has no '='"},
        {"mysql://u:secret@h/db",
         "it must start with 'postgresql://', or be host=… user=… dbname=…"},
        {"postgresql+psycopg2://h/d",
         "it must start with 'postgresql://', or be host=… user=… dbname=…"},
    };
    for (const auto& each : cases) {
        INFO(each.text);
        const auto dsn = config::parse_dsn(each.text);
        REQUIRE_FALSE(dsn);
        CHECK(dsn.error() == each.error);
    }
    // A word of a newer libpq passes.
    CHECK(config::parse_dsn("host=h scram_client_key=abc"));
}

TEST_CASE("percent encoding goes both ways") {
    const std::string all = "a/b:c@d e%\x01é~";
    CHECK(config::percent_decode(config::percent_encode(all)) == all);
    CHECK(config::percent_decode("100%") == "100%");
    CHECK(config::percent_decode("%zz%4") == "%zz%4");
    for (const char* value : {"plain", "two words", "it's", "back\\slash", ""}) {
        const auto dsn = config::parse_dsn("user=" + config::dsn_value(value));
        REQUIRE(dsn);
        CHECK(dsn->values.at("user") == value);
    }
}

} // namespace config_locator_test
