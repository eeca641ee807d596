// SPDX-License-Identifier: MIT
#include "core/mask.hpp"
#include "support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

namespace core_mask_test {

TEST_CASE("what looks like a secret is masked, and only that") {
    const std::string hex64(64, 'a');
    const std::vector<std::pair<std::string, std::string>> rows{
        {"connecting to postgres://gallery:s3cret@db:5432/art now",
         "connecting to postgres://***@db:5432/art now"},
        {"redis://:s3cret@cache:6379/0", "redis://***@cache:6379/0"},
        {"amqp://u:p/w@queue/vhost", "amqp://***@queue/vhost"},
        {"https://ghp4token@host/x", "https://***@host/x"},
        {"http://api:8080/health?to=a@b.c", "http://api:8080/health?to=a@b.c"},
        {"GET http://api:8080/health 503", "GET http://api:8080/health 503"},
        {"https://mainnet.example/v3/0123456789abcdef0123456789abcdef?x",
         "https://mainnet.example/v3/***?x"},
        {"http://ipfs:8080/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
         "http://ipfs:8080/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"},
        {"/var/lib/docker/volumes/0123456789abcdef0123456789abcdef",
         "/var/lib/docker/volumes/0123456789abcdef0123456789abcdef"},
        {"DB_PASSWORD=s3cret DB_HOST=db", "DB_PASSWORD=*** DB_HOST=db"},
        {"password = s3cret", "password = ***"},
        {"password: 's3 cret' next", "password: '***' next"},
        {R"({"user": "a", "password": "s3\"cret", "b": 1})",
         R"({"user": "a", "password": "***", "b": 1})"},
        {R"({\"token\":\"s3cret\",\"b\":1})", R"({\"token\":\"***\",\"b\":1})"},
        {"?token=s3cret", "?token=***"},
        {"x-api-key: s3cret", "x-api-key: ***"},
        {"Authorization: Bearer abc def", "Authorization: ***"},
        {"authorization=Basic YTpi", "authorization=***"},
        {"Set-Cookie: sid=1; path=/", "Set-Cookie: ***"},
        {"sent Bearer abc123def456 to it", "sent Bearer *** to it"},
        {"basic authentication is required", "basic authentication is required"},
        {"redis-server --requirepass s3cret --port 1", "redis-server --requirepass *** --port 1"},
        {"redis-cli -a s3cret ping", "redis-cli -a *** ping"},
        {"tar -a x", "tar -a x"},
        {"ALTER ROLE a PASSWORD 's3cret'", "ALTER ROLE a PASSWORD '***'"},
        {"IDENTIFIED BY 's3cret'", "IDENTIFIED BY '***'"},
        {"FATAL:  password authentication failed for user \"gallery\"",
         "FATAL:  password authentication failed for user \"gallery\""},
        {"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end", "jwt *** end"},
        {"key AKIAIOSFODNN7EXAMPLE used", "key *** used"},
        {"0x" + hex64, "***"},
        {"0x5FbDB2315678afecb367f032d93F642f64180aa3",
         "0x5FbDB2315678afecb367f032d93F642f64180aa3"},
        {"sha256:" + hex64, "sha256:" + hex64},
        {"QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG",
         "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG"},
        {"Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG0=", "***"},
        {"-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nnext",
         "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----\nnext"},
        {"-----BEGIN CERTIFICATE-----\nMIIE", "-----BEGIN CERTIFICATE-----\nMIIE"},
        {"mnemonic: test test junk", "mnemonic: ***"},
        {"duplicate key value violates unique constraint",
         "duplicate key value violates unique constraint"},
        {"password=", "password="},
        {"password=***", "password=***"},
        {"", ""},
        {"://", "://"},
        {"a://@", "a://@"},
        {"password=\"open", "password=\"***"},
        {"token:", "token:"},
    };
    for (const auto& [text, expected] : rows) {
        INFO(text);
        CHECK(core::mask_text(text) == expected);
        CHECK(core::mask_text(expected) == expected);
    }
}

TEST_CASE("names of secrets are known in any writing") {
    for (const char* name : {"PASSWORD", "DB_PASSWORD", "POSTGRES_PASSWORD_1", "x-api-key",
                             "apiKey", "requirepass", "REDISCLI_AUTH", "JWT_SECRET_BASE",
                             "access_token", "Cookie", "--password", "PGPASSWORD", "private_key"})
        CHECK(core::names_secret(name));
    for (const char* name : {"user", "host", "tokens_used", "key", "author", "compass", "", "-"})
        CHECK_FALSE(core::names_secret(name));
}

TEST_CASE("a hostile text takes no long time to mask") {
    for (const char* part : {"://", "a.", "password='", "by '", "-a ", "eyJ.",
                             "/0123456789abcdef0123456789x", "\\\""}) {
        std::string text;
        while (text.size() < (std::size_t{64} << 10))
            text += part;
        CHECK(core::mask_text(text).size() <= text.size());
    }
}

} // namespace core_mask_test
