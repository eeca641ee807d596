// SPDX-License-Identifier: MIT
#include "conformance/stage.hpp"

#include "net/lookup.hpp"
#include "support/sound.hpp"

#include <array>
#include <atomic>
#include <netdb.h>
#include <stdexcept>
#include <thread>

// One function a family of faults; each says what is changed of a server that is well otherwise.

namespace conformance {
namespace {

using namespace std::chrono_literals;
using faults::Fault;
using faults::Protocol;
using hostile::http_answer;

/// Silences cost the whole deadline: short, but long enough for a busy machine to get that far.
constexpr auto k_silence = 500ms;
constexpr auto k_day = std::chrono::hours{24};

bool is_http(Protocol protocol) {
    return protocol != Protocol::postgres && protocol != Protocol::redis;
}

/// A body that any probe reads to its end, so that there is a middle in it.
std::string half_answer(Protocol protocol) {
    if (protocol == Protocol::redis) return "+PO";
    if (protocol == Protocol::postgres) return "N" + sound::pg_message('R', "xxxx").substr(0, 6);
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
           "5120\r\n\r\n{\"a\"";
}

hostile::Meddling in_the_middle(hostile::Harm harm, Protocol protocol) {
    hostile::Meddling meddling{.harm = harm};
    meddling.of_body = is_http(protocol);
    meddling.after = protocol == Protocol::postgres ? 20 : protocol == Protocol::redis ? 3 : 1;
    return meddling;
}

std::string noise() {
    std::string bytes = "\x03\xf1";
    for (unsigned value = 4711; bytes.size() < 2000;) {
        value = value * 1103515245U + 12345U;
        bytes += static_cast<char>(value >> 16U);
    }
    return bytes;
}

constexpr const char* k_json_head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
constexpr std::uint32_t k_gigabyte = 1U << 30U;

hostile::Behaviour endless(Protocol protocol) {
    if (protocol == Protocol::redis)
        return sound::floods("$2147483647\r\n", std::string(4096, 'x'));
    if (protocol == Protocol::postgres) {
        auto notice = sound::pg_error("01000", std::string(1000, 'n'));
        notice[0] = 'N';
        return sound::postgres({.login = {}, .answer = {}, .greeting = notice});
    }
    return sound::floods(std::string{k_json_head} + "\r\n", "[\"xxxxxxxxxxxxxxxxxxxxxxxx\",");
}

hostile::Behaviour gigabyte(Protocol protocol) {
    const auto size = std::to_string(k_gigabyte);
    if (protocol == Protocol::redis)
        return sound::floods("$" + size + "\r\n", std::string(4096, 'x'));
    if (protocol == Protocol::postgres)
        return sound::postgres({.login = {}, .answer = "T" + sound::pg_number(k_gigabyte)});
    return sound::floods(std::string{k_json_head} + "Content-Length: " + size + "\r\n\r\n",
                         std::string(4096, ' '));
}

hostile::Behaviour greets(std::string bytes) {
    return [bytes = std::move(bytes)](hostile::Connection& client) {
        client.send(bytes);
        client.hold();
    };
}

} // namespace

void Stage::serve(hostile::Behaviour behaviour, hostile::Wrap wrap) {
    m_server = std::make_unique<hostile::Server>(std::move(behaviour), std::move(wrap));
    m_target.port = m_server->port();
}

void Stage::meddle(hostile::Meddling meddling, Protocol protocol) {
    serve(sound::server(protocol));
    m_meddler = std::make_unique<hostile::Meddler>(m_server->port(), meddling);
    m_target.port = m_meddler->port();
}

/// What the network does, or a process that does not.
void Stage::set_network(Fault fault, Protocol protocol) {
    using hostile::Harm;
    m_deadline = fault == Fault::refused ? 3000ms : k_silence;
    switch (fault) {
    case Fault::refused:
        m_target.port = hostile::closed_port();
        return;
    case Fault::blackholed:
        m_hole = std::make_unique<hostile::BlackHole>();
        m_target.port = m_hole->port();
        return;
    case Fault::stopped:
        m_stopped = std::make_unique<hostile::StoppedProcess>(half_answer(protocol));
        m_target.port = m_stopped->port();
        return;
    case Fault::dripping:
        return meddle(in_the_middle(Harm::drip, protocol), protocol);
    default:
        return serve([](hostile::Connection& client) { client.hold(); });
    }
}

/// What comes over the wire in place of an answer.
void Stage::set_wire(Fault fault, Protocol protocol) {
    using hostile::Harm;
    switch (fault) {
    case Fault::reset_first:
        return meddle({.harm = Harm::reset}, protocol);
    case Fault::reset_middle:
        return meddle(in_the_middle(Harm::reset, protocol), protocol);
    case Fault::cut_first:
        return meddle({.harm = Harm::cut}, protocol);
    case Fault::cut_middle:
        return meddle(in_the_middle(Harm::cut, protocol), protocol);
    case Fault::endless:
        m_deadline = 10s;
        return serve(endless(protocol));
    case Fault::gigabyte:
        m_deadline = 10s;
        return serve(gigabyte(protocol));
    case Fault::ssh:
        // Its S is a yes to the question for TLS, and then nothing comes.
        if (protocol == Protocol::postgres) m_deadline = k_silence;
        return serve(greets("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"));
    case Fault::http_instead:
        return serve(sound::answers(http_answer(400, "Bad Request", "text/plain")));
    case Fault::redis_instead:
        return serve(sound::answers("-ERR wrong number of arguments for 'get' command\r\n"));
    default:
        return serve(sound::answers(noise()));
    }
}

void Stage::set_tls(Fault fault, Protocol protocol) {
    m_authority = std::make_unique<hostile::Authority>();
    hostile::CertificateWish wish;
    if (fault == Fault::expired) wish.starts = -90 * k_day;
    if (fault == Fault::expired) wish.ends = -2 * k_day;
    if (fault == Fault::not_yet_valid) wish.starts = 2 * k_day;
    if (fault == Fault::wrong_name) wish.names = {"DNS:shop.example"};
    wish.self_signed = fault == Fault::self_signed;
    const hostile::TlsWish tls{.client_certificate = fault == Fault::client_certificate,
                               .postgres = protocol == Protocol::postgres};
    m_target.tls = fault != Fault::tls_on_plain;
    m_target.ca_file = m_authority->file();
    if (fault == Fault::plain_on_tls && protocol != Protocol::postgres)
        return serve(sound::answers(protocol == Protocol::redis
                                        ? "-ERR unknown command\r\n"
                                        : http_answer(400, "Bad Request", "text/plain")));
    if (fault == Fault::plain_on_tls) return serve(sound::server(protocol));
    if (fault == Fault::tls_on_plain) {
        m_target.ca_file.clear();
        return serve(sound::answers(std::string{"\x15\x03\x01\x00\x02\x02\x28", 7}));
    }
    serve(sound::server(protocol), hostile::with_tls(m_authority->issue(wish), tls));
}

/// Sound answers that say no, or that point elsewhere, or whose words are hostile.
void Stage::set_words(Fault fault, Protocol protocol) {
    if (fault == Fault::redirect)
        return serve(sound::answers(http_answer(302, "", "text/html", "Location: /again\r\n")));
    m_target.password = fault == Fault::no_password ? "" : "hunter2";
    if (protocol == Protocol::redis) return serve(sound::redis({.password = "s3cret"}));
    if (protocol == Protocol::postgres) {
        auto login = sound::pg_error("28P01", "password authentication failed for user \"ops\"");
        constexpr std::uint32_t k_cleartext = 3;
        if (fault == Fault::no_password)
            login = sound::pg_message('R', sound::pg_number(k_cleartext));
        return serve(sound::postgres({.login = login}));
    }
    serve(sound::answers(
        http_answer(401, "who are you?", "text/plain", "WWW-Authenticate: Basic realm=\"x\"\r\n")));
}

void Stage::set_age(Fault fault, Protocol protocol) {
    serve(of_age(fault, protocol));
}

/// A port whose name says what its resolver does.
void Stage::set_names(Fault fault, Protocol protocol) {
    serve(sound::server(protocol));
    switch (fault) {
    case Fault::dns_unknown:
        m_target.host = "unknown.test";
        return;
    case Fault::dns_dead:
        m_target.host = "dead.test";
        return;
    case Fault::dns_hangs:
        m_target.host = "hangs.test";
        m_deadline = k_silence;
        return;
    case Fault::dns_half_silent:
        m_hole = std::make_unique<hostile::BlackHole>("127.0.0.3", m_target.port);
        m_target.host = "half-silent.test";
        return;
    default:
        m_target.host = "alternates.test";
        return;
    }
}

std::unique_ptr<Stage> Stage::set(Fault fault, Protocol protocol) {
    auto stage = std::make_unique<Stage>();
    switch (fault) {
    case Fault::none:
        stage->serve(sound::server(protocol));
        break;
    case Fault::refused:
    case Fault::blackholed:
    case Fault::silent:
    case Fault::stopped:
    case Fault::dripping:
        stage->set_network(fault, protocol);
        break;
    case Fault::reset_first:
    case Fault::reset_middle:
    case Fault::cut_first:
    case Fault::cut_middle:
    case Fault::garbage:
    case Fault::endless:
    case Fault::gigabyte:
    case Fault::ssh:
    case Fault::http_instead:
    case Fault::redis_instead:
        stage->set_wire(fault, protocol);
        break;
    case Fault::redirect:
    case Fault::wrong_password:
    case Fault::no_password:
        stage->set_words(fault, protocol);
        break;
    case Fault::expired:
    case Fault::not_yet_valid:
    case Fault::wrong_name:
    case Fault::self_signed:
    case Fault::client_certificate:
    case Fault::plain_on_tls:
    case Fault::tls_on_plain:
        stage->set_tls(fault, protocol);
        break;
    case Fault::too_old:
    case Fault::old:
    case Fault::newer:
    case Fault::no_method:
    case Fault::bad_text:
    case Fault::bad_utf8:
        stage->set_age(fault, protocol);
        break;
    case Fault::dns_unknown:
    case Fault::dns_dead:
    case Fault::dns_hangs:
    case Fault::dns_alternates:
    case Fault::dns_half_silent:
        stage->set_names(fault, protocol);
        break;
    }
    return stage;
}

namespace {

std::atomic<int> g_hanging{0};
std::atomic<bool> g_release{false};
std::atomic<unsigned> g_turn{0};
net::Resolver g_before = nullptr;

net::LookupAnswer hang() {
    ++g_hanging;
    while (!g_release)
        std::this_thread::sleep_for(5ms);
    --g_hanging;
    return {EAI_AGAIN, 0, {}};
}

net::LookupAnswer resolve(const std::string& host) {
    if (host == "dead.test") return {EAI_AGAIN, 0, {}};
    if (host == "hangs.test") return hang();
    if (host == "half-silent.test") return {0, 0, {"127.0.0.3", "127.0.0.1"}};
    if (host != "alternates.test") return {EAI_NONAME, 0, {}};
    if (g_turn++ % 2 == 0) return {0, 0, {"127.0.0.2", "127.0.0.1"}};
    return {0, 0, {"127.0.0.1", "127.0.0.2"}};
}

} // namespace

StageNames::StageNames() {
    g_release = false;
    g_before = net::exchange_resolver(resolve);
}

StageNames::~StageNames() {
    net::exchange_resolver(g_before);
    g_release = true;
    while (g_hanging > 0)
        std::this_thread::sleep_for(1ms);
}

} // namespace conformance
