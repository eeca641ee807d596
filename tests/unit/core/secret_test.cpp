// SPDX-License-Identifier: MIT
#include "core/secret.hpp"
#include "support/catch.hpp"

TEST_CASE("passwords in URLs are masked") {
    CHECK(core::mask_url("redis://:hunter2@127.0.0.1:6379/0") == "redis://:***@127.0.0.1:6379/0");
    CHECK(core::mask_url("postgresql://app:p%40ss@db/gallery?sslmode=require")
          == "postgresql://app:***@db/gallery?sslmode=require");
    CHECK(core::mask_url("http://a:b@c:d@host/x") == "http://a:***@host/x");
    CHECK(core::mask_url("http://host/x?token=abc&y=1") == "http://host/x?token=***&y=1");
    CHECK(core::mask_url("http://host:3000/health") == "http://host:3000/health");
}

TEST_CASE("passwords in connection strings are masked") {
    CHECK(core::mask_dsn("host=db password=hunter2 user=app") == "host=db password=*** user=app");
    CHECK(core::mask_dsn("password = 'a b\\'c' host=db") == "password = *** host=db");
    CHECK(core::mask_dsn("PASSWORD=x") == "PASSWORD=***");
    CHECK(core::mask_dsn("host=127.0.0.1 user=x dbname=x") == "host=127.0.0.1 user=x dbname=x");
}
