// SPDX-License-Identifier: MIT
#include "logs/detectors/attack.hpp"

#include "logs/letters.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>

namespace logs {
namespace {

constexpr std::size_t k_looked_at = 2048; ///< bytes of a target
using Words = std::span<const std::string_view>;

/// SQL that no search for pictures holds. Blanks stand for any blanks, comments count as one.
constexpr auto k_sql = std::to_array<std::string_view>({"union select",
                                                        "union all select",
                                                        "union distinct select",
                                                        "information_schema",
                                                        "xp_cmdshell",
                                                        "load_file(",
                                                        "into outfile",
                                                        "into dumpfile",
                                                        "waitfor delay",
                                                        "pg_sleep(",
                                                        "benchmark(",
                                                        "extractvalue(",
                                                        "updatexml(",
                                                        "utl_inaddr",
                                                        "dbms_pipe",
                                                        "dbms_lock",
                                                        "group_concat(",
                                                        "concat(0x",
                                                        "@@version",
                                                        ";drop table",
                                                        "; drop table",
                                                        "sysobjects",
                                                        "sqlite_master",
                                                        "pg_catalog",
                                                        "randomblob(",
                                                        "procedure analyse",
                                                        "order by sleep",
                                                        "if(now()=sysdate()",
                                                        "and sleep(",
                                                        "or sleep(",
                                                        "(select sleep",
                                                        "(select (case",
                                                        "select count(*)",
                                                        "char(113)",
                                                        "chr(113)",
                                                        "'||'",
                                                        "' order by ",
                                                        "' group by ",
                                                        "' having ",
                                                        "';--",
                                                        "'; --",
                                                        "'--",
                                                        "' --",
                                                        "'#",
                                                        "') --",
                                                        "\" --",
                                                        "\"--",
                                                        "convert(int,",
                                                        "and cast(",
                                                        ";delete from",
                                                        "; delete from",
                                                        ";insert into",
                                                        "; insert into",
                                                        "exec sp_",
                                                        "exec master"});

/// HTML and JavaScript. "<" before a letter is looked for besides.
constexpr auto k_scripts = std::to_array<std::string_view>(
    {"javascript:", "vbscript:", "onerror=", "onload=", "onmouseover=", "onfocus=", "onclick=",
     "ontoggle=", "onstart=", "document.cookie", "document.domain", "string.fromcharcode", "alert(",
     "prompt(", "confirm(1", "expression(", "\">'>", "'\"--></style>"});

constexpr auto k_files = std::to_array<std::string_view>(
    {"etc/passwd", "etc/shadow", "etc/hosts", "etc/group", "etc/issue",  "proc/self/", "win.ini",
     "boot.ini",   "system32",   "web-inf/",  "meta-inf/", "file://",    "file:/",     "php://",
     "data://",    "expect://",  "zip://",    "phar://",   "c:/windows", "c:\\windows"});

constexpr auto k_commands = std::to_array<std::string_view>({"${jndi:",
                                                             "${${",
                                                             "cmd.exe",
                                                             "/bin/sh",
                                                             "/bin/bash",
                                                             "powershell",
                                                             "<?php",
                                                             "<?=",
                                                             "shell_exec",
                                                             "passthru(",
                                                             "base64_decode(",
                                                             "phpinfo(",
                                                             "system(",
                                                             "eval(",
                                                             "assert(",
                                                             "allow_url_include",
                                                             "auto_prepend_file",
                                                             "{{7*7}}",
                                                             "${7*7}",
                                                             "__class__",
                                                             "<%=",
                                                             "() {",
                                                             "(){",
                                                             ";wget ",
                                                             "|wget ",
                                                             "; wget ",
                                                             "wget http",
                                                             "curl http",
                                                             ";curl ",
                                                             "wget+http",
                                                             ";cat ",
                                                             "|cat ",
                                                             "; cat ",
                                                             "| cat ",
                                                             ";id;",
                                                             "|id|",
                                                             "$(id",
                                                             "`id`",
                                                             "&&cat ",
                                                             "chmod 777",
                                                             "chmod +x",
                                                             "/etc/init.d",
                                                             "nslookup ",
                                                             ";ping ",
                                                             "|ping ",
                                                             "java.lang.",
                                                             "ognl.ognl",
                                                             "#_memberaccess",
                                                             "<!--#",
                                                             "<!entity",
                                                             "<!doctype",
                                                             "pearcmd",
                                                             "invokefunction",
                                                             "think\\app",
                                                             "think/app",
                                                             "call_user_func"});

/// Parts of a path that only other software has, or none that may be read.
constexpr auto k_probes = std::to_array<std::string_view>({"/.env",
                                                           "/.git",
                                                           "/.svn",
                                                           "/.hg/",
                                                           "/.ds_store",
                                                           "/.aws",
                                                           "/.ssh",
                                                           "/.ht",
                                                           "/.vscode",
                                                           "/.idea",
                                                           "/.docker",
                                                           "/.kube",
                                                           "/.bash",
                                                           "/.config",
                                                           "/.npmrc",
                                                           "/wp-",
                                                           "/wordpress",
                                                           "xmlrpc.php",
                                                           "phpmyadmin",
                                                           "/pma",
                                                           "/myadmin",
                                                           "/mysql",
                                                           "/sqladmin",
                                                           "/dbadmin",
                                                           "/adminer",
                                                           "/phppgadmin",
                                                           "/phpunit",
                                                           "/cgi-bin/",
                                                           "/cgi-sys/",
                                                           "/manager/html",
                                                           "/host-manager",
                                                           "/jmx-console",
                                                           "/web-console",
                                                           "/invoker/",
                                                           "/solr/",
                                                           "/actuator",
                                                           "/jenkins",
                                                           "/hudson",
                                                           "/struts",
                                                           ".action",
                                                           "/boaform",
                                                           "/hnap1",
                                                           "/goform",
                                                           "/gponform",
                                                           "/setup.cgi",
                                                           "/owa/",
                                                           "/ecp/",
                                                           "/autodiscover",
                                                           "/server-status",
                                                           "/server-info",
                                                           "/_ignition",
                                                           "/telescope",
                                                           "/laravel",
                                                           "/drupal",
                                                           "/joomla",
                                                           "/awstats",
                                                           "/cacti",
                                                           "/horde",
                                                           "/roundcube",
                                                           "root.exe",
                                                           "/_vti_",
                                                           "/_mem_bin",
                                                           "/msadc",
                                                           "/winnt",
                                                           "default.ida",
                                                           "nsiislog.dll",
                                                           "/sumthin",
                                                           "/magento",
                                                           "/administrator",
                                                           "/w00tw00t",
                                                           "/muieblackcat",
                                                           "/azenv",
                                                           "/phpinfo",
                                                           "/info.php",
                                                           "/test.php",
                                                           "/shell",
                                                           "/cmd",
                                                           "/c99",
                                                           "/r57",
                                                           "/webdav",
                                                           "/nmaplowercheck",
                                                           "/nice%20ports",
                                                           "/nice ports",
                                                           "/trinity.txt",
                                                           "/sdk",
                                                           "/evox/",
                                                           "/dana-na/",
                                                           "/remote/login",
                                                           "/geoserver",
                                                           "/api/jsonws",
                                                           "/druid/",
                                                           "/nacos",
                                                           "/_cat/",
                                                           "/_search",
                                                           "/_all_dbs",
                                                           "/debug/default",
                                                           "/config.php",
                                                           "/configuration.php",
                                                           "/install.php",
                                                           "/setup.php",
                                                           "/upload.php",
                                                           "/fckeditor",
                                                           "/ckfinder",
                                                           "/kcfinder",
                                                           "/elfinder",
                                                           "/id_rsa",
                                                           "/web.config",
                                                           "/backup.",
                                                           "/dump.",
                                                           "/db.",
                                                           "/database.",
                                                           ".sql",
                                                           ".bak",
                                                           ".old",
                                                           ".swp",
                                                           ".php~",
                                                           ".asp",
                                                           ".aspx",
                                                           ".jsp",
                                                           ".cgi",
                                                           ".mdb",
                                                           "/admin.php",
                                                           "/login.php",
                                                           "/index.php/admin",
                                                           "/portal/redlion",
                                                           "/stalker_portal",
                                                           "/ab2g",
                                                           "/ab2h",
                                                           "/telerik",
                                                           "/currentsetting.htm",
                                                           "/hudson",
                                                           "/cfide",
                                                           "/axis2",
                                                           "/console/login"});

constexpr auto k_secret_files = std::to_array<std::string_view>(
    {"/.env", "/.git/config", "/.git/head", "/.aws/credentials", "/.ssh/", "/id_rsa", "/.htpasswd",
     "/.npmrc", "/.docker/config.json", "/.kube/config", "/.bash_history", ".sql", ".sql.gz",
     ".pem", "/wp-config.php.bak", "/web.config"});

constexpr auto k_scanners = std::to_array<std::string_view>(
    {"sqlmap",    "nikto",      "nmap",       "masscan",    "zgrab",
     "zmap",      "acunetix",   "netsparker", "invicti",    "nessus",
     "openvas",   "w3af",       "dirbuster",  "gobuster",   "wpscan",
     "joomscan",  "havij",      "arachni",    "nuclei",     "feroxbuster",
     "ffuf",      "zmeu",       "morfeus",    "jorgee",     "whatweb",
     "fimap",     "dotdotpwn",  "skipfish",   "appscan",    "qualys",
     "commix",    "wfuzz",      "webshag",    "webinspect", "n-stealth",
     "l9explore", "l9tcpid",    "muhstik",    "bsqlbf",     "sqlninja",
     "jaeles",    "xsser",      "vega/",      "owasp",      "burpcollaborator",
     "oastify",   "interactsh", "() {",       "${jndi"});

bool holds_any(std::string_view text, Words words) {
    return std::ranges::any_of(
        words, [&](auto word) { return text.find(word) != std::string_view::npos; });
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// What an escape stands for: %xx, IIS's %u00xx, a log's \xNN. Moves `at` behind it.
std::optional<char> unescaped(std::string_view text, std::size_t& at) {
    std::size_t digits = at + 1;
    if (text[at] == '%' && digits < text.size() && (text[digits] == 'u' || text[digits] == 'U')) {
        if (text.substr(digits + 1, 2) != "00") return std::nullopt;
        digits += 3;
    } else if (text[at] == '\\') {
        if (digits >= text.size() || text[digits] != 'x') return std::nullopt;
        ++digits;
    }
    if (digits + 2 > text.size()) return std::nullopt;
    const int high = hex_digit(text[digits]);
    const int low = hex_digit(text[digits + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    at = digits + 2;
    return static_cast<char>(high * 16 + low);
}

std::string once_unescaped(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '%' || text[at] == '\\')
            if (const auto c = unescaped(text, at)) {
                made += *c;
                continue;
            }
        made += text[at++];
    }
    return made;
}

/// Small letters, "+" and comments as blanks, blanks as one: what a database would read.
std::string plain(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    const auto blank = [&] {
        if (made.empty() || made.back() != ' ') made += ' ';
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "/*") {
            const auto end = text.find("*/", i + 2);
            if (end != std::string_view::npos) {
                i = end + 1;
                blank();
                continue;
            }
        }
        const char c = text[i];
        if (c == '+' || c == '\0' || is(c, k_blank))
            blank();
        else
            made += is(c, k_upper) ? static_cast<char>(c + 32) : c;
    }
    return made;
}

std::string_view without_front(std::string_view text, std::string_view front) {
    const auto at = text.find_first_not_of(front);
    return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

/// Reads a quoted or bare word from the front.
std::string_view take_operand(std::string_view& text) {
    text = without_front(text, " ('\"`");
    std::size_t end = 0;
    while (end < text.size() && is(text[end], k_word))
        ++end;
    const auto word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

/// "1=1", "'a'='a", "1 like 1", "3>2": the same thing on both sides, or two numbers.
bool is_tautology(std::string_view text) {
    const auto left = take_operand(text);
    if (left.empty()) return false;
    text = without_front(text, " '\"`)");
    if (text.starts_with("like "))
        text.remove_prefix(5);
    else if (text.starts_with('=') || text.starts_with('>') || text.starts_with('<')
             || text.starts_with('!'))
        text = without_front(text, "=<>!");
    else
        return false;
    const auto right = take_operand(text);
    const auto digits = [](std::string_view word) {
        return !word.empty() && std::ranges::all_of(word, [](char c) { return is(c, k_digit); });
    };
    return left == right || (digits(left) && digits(right));
}

/// A condition that a client adds to a query: "' or 1=1", "1) and 'a'='a", "7 or 1=1".
bool adds_condition(std::string_view text) {
    for (const std::string_view word :
         {" or ", " and ", "'or ", "'and ", ")or ", " or(", "'or(", " || ", "'||", " && ", "'&&",
          "'or'", "\"or\"", "'=", " xor "})
        for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
            if (is_tautology(text.substr(at + word.size()))) return true;
    return false;
}

/// "<" before what begins a tag.
bool opens_tag(std::string_view text) {
    for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        const auto rest = text.substr(at + 1);
        if (rest.starts_with("/script") || rest.starts_with("script") || rest.starts_with("img")
            || rest.starts_with("svg") || rest.starts_with("iframe") || rest.starts_with("body")
            || rest.starts_with("object") || rest.starts_with("embed") || rest.starts_with("style")
            || rest.starts_with("a href") || rest.starts_with("meta") || rest.starts_with("input")
            || rest.starts_with("video") || rest.starts_with("marquee") || rest.starts_with("h1>")
            || rest.starts_with("b>") || rest.starts_with("xss") || rest.starts_with("math"))
            return true;
    }
    return false;
}

/// More steps up than down, or steps up in what a parameter holds.
bool leaves_folder(std::string_view text) {
    int depth = 0;
    const auto query = text.find('?');
    if (query != std::string_view::npos
        && (text.find("../..", query) != std::string_view::npos
            || text.find("..\\..", query) != std::string_view::npos
            || text.find("=../", query) != std::string_view::npos))
        return true;
    for (std::size_t at = 0; at < std::min(query, text.size());) {
        const auto end = std::min(text.find_first_of("/\\", at), text.size());
        const auto part = text.substr(at, std::min(end, query) - at);
        if (part == "..")
            --depth;
        else if (!part.empty() && part != ".")
            ++depth;
        if (depth < 0) return true;
        at = end + 1;
    }
    return false;
}

Attack attack_in_text(std::string_view text) {
    if (holds_any(text, k_commands)) return Attack::command;
    if (leaves_folder(text) || holds_any(text, k_files)) return Attack::traversal;
    if (holds_any(text, k_sql) || adds_condition(text)) return Attack::injection;
    if (opens_tag(text) || holds_any(text, k_scripts)) return Attack::script;
    return Attack::none;
}

Attack attack_in_escaped(std::string_view text) {
    if (is_harmless(text)) return Attack::none;
    const auto once = once_unescaped(text.substr(0, k_looked_at));
    if (const auto attack = attack_in_text(plain(once)); attack != Attack::none) return attack;
    const auto twice = once_unescaped(once);
    return twice == once ? Attack::none : attack_in_text(plain(twice));
}

bool wants_to_be_passed_on(std::string_view method, std::string_view target) {
    return method == "CONNECT" || target.starts_with("http://") || target.starts_with("https://");
}

std::string small(std::string_view text) {
    std::string made{text.substr(0, k_looked_at)};
    for (auto& c : made)
        if (is(c, k_upper)) c = static_cast<char>(c + 32);
    return made;
}

} // namespace

std::string_view name(Attack attack) {
    switch (attack) {
    case Attack::none:
        return "";
    case Attack::probe:
        return "probe";
    case Attack::malformed:
        return "no HTTP";
    case Attack::proxy:
        return "open proxy";
    case Attack::scanner:
        return "scanner";
    case Attack::traversal:
        return "path traversal";
    case Attack::injection:
        return "SQL injection";
    case Attack::script:
        return "script injection";
    case Attack::command:
        return "command injection";
    }
    return "";
}

bool is_harmless(std::string_view target) {
    static constexpr auto k_odd = [] {
        std::array<bool, 256> odd{};
        for (const char c : {'%', '\'', '"', '<', '>', '(', ')', ';', '\\', '`', '|', '$', '{', '*',
                             '@', '+', ' ', ':'})
            odd[static_cast<unsigned char>(c)] = true;
        return odd;
    }();
    bool in_query = false;
    char before = 0;
    for (const char c : target) {
        if (k_odd[static_cast<unsigned char>(c)]) return false;
        if (c == '.' && (before == '.' || before == '/')) return false;
        if (c == '/' && in_query) return false;
        in_query = in_query || c == '?';
        before = c;
    }
    return !target.ends_with(".sql") && !target.ends_with(".pem") && !target.ends_with("/id_rsa");
}

Attack attack_in_target(std::string_view method, std::string_view target) {
    if (method.empty()) return target.empty() || target == "-" ? Attack::none : Attack::malformed;
    if (const auto attack = attack_in_escaped(target); attack != Attack::none) return attack;
    if (wants_to_be_passed_on(method, target)) return Attack::proxy;
    const auto path = small(target.substr(0, target.find('?')));
    return holds_any(path, k_probes) ? Attack::probe : Attack::none;
}

Attack attack_in_header(std::string_view text) {
    if (holds_any(small(text.substr(0, 256)), k_scanners)) return Attack::scanner;
    // An agent is full of brackets and semicolons: only what it never holds is looked at.
    if (text.find_first_of("<'$`{\\") == std::string_view::npos) return Attack::none;
    const auto attack = attack_in_text(plain(once_unescaped(text.substr(0, k_looked_at))));
    return attack == Attack::traversal ? Attack::none : attack;
}

bool is_secret_file(std::string_view target) {
    const auto path = small(target.substr(0, target.find('?')));
    return std::ranges::any_of(k_secret_files, [&](auto file) {
        return file.ends_with('/') ? path.find(file) != std::string::npos : path.ends_with(file);
    });
}

} // namespace logs
