// SPDX-License-Identifier: MIT
#include "core/secret.hpp"
#include "support/catch.hpp"

#include <utility>
#include <vector>

namespace core_secret_test {

TEST_CASE("passwords in URLs are masked") {
    CHECK(core::mask_url("redis://:hunter2@127.0.0.1:6379/0") == "redis://:***@127.0.0.1:6379/0");
    CHECK(core::mask_url("postgresql://app:p%40ss@db/gallery?sslmode=require")
          == "postgresql://app:***@db/gallery?sslmode=require");
    CHECK(core::mask_url("http://a:b@c:d@host/x") == "http://a:***@host/x");
    CHECK(core::mask_url("http://host/x?token=abc&y=1") == "http://host/x?token=***&y=1");
    CHECK(core::mask_url("http://host:3000/health") == "http://host:3000/health");
}

TEST_CASE("tokens, keys and signatures in URLs are masked") {
    const std::vector<std::pair<const char*, const char*>> rows{
        {"https://t0ken@host/x", "https://***@host/x"},
        {"postgresql://app@db/art", "postgresql://app@db/art"},
        {"redis://:p/w@cache:6379/0", "redis://:***@cache:6379/0"},
        {"redis://:@cache", "redis://:@cache"},
        {"http://[::1]:3000/x@y", "http://[::1]:3000/x@y"},
        {"https://mainnet.example/v3/0123456789abcdef0123456789abcdef?x#y",
         "https://mainnet.example/v3/***?x#y"},
        {"https://eth.example/v2/AbCd-0123_efGH4567ijKLmnop/", "https://eth.example/v2/***/"},
        {"http://ipfs/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
         "http://ipfs/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"},
        {"https://h/x?apiKey=a&API_KEY=b&key=c&sig=d",
         "https://h/x?apiKey=***&API_KEY=***&key=***&sig=***"},
        {"https://h/?X-Amz-Signature=a&access_token=b&page=2",
         "https://h/?X-Amz-Signature=***&access_token=***&page=2"},
        {"https://h/#access_token=a", "https://h/#access_token=***"},
        {"https://h/?monkey=a&tokens_used=3&token=", "https://h/?monkey=a&tokens_used=3&token="},
        {"unix:///run/0123456789abcdef0123456789abcdef.sock",
         "unix:///run/0123456789abcdef0123456789abcdef.sock"},
        {"://", "://"},
        {"a://@", "a://@"},
    };
    for (const auto& [url, masked] : rows) {
        INFO(url);
        CHECK(core::mask_url(url) == masked);
        CHECK(core::mask_url(masked) == masked);
    }
}

TEST_CASE("passwords in connection strings are masked") {
    CHECK(core::mask_dsn("host=db password=hunter2 user=app") == "host=db password=*** user=app");
    CHECK(core::mask_dsn("password = 'a b\\'c' host=db") == "password = *** host=db");
    CHECK(core::mask_dsn("PASSWORD=x") == "PASSWORD=***");
    CHECK(core::mask_dsn("host=127.0.0.1 user=x dbname=x") == "host=127.0.0.1 user=x dbname=x");
}

} // namespace core_secret_test
