// SPDX-License-Identifier: MIT
//
// Writes a log of a gallery to standard output, the same for the same arguments:
//
//   logs-mix BYTES [ADDRESSES [SEED]]
//
// A quarter each, by lines: an access log in the combined format, an application's JSON, lines of
// Python's logging, and one of Postgres, Redis, sshd and nginx errors. What the mix came to is
// printed to standard error: forms, line lengths, how many addresses and URLs are distinct.
#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <unordered_set>

namespace {

/// splitmix64 (Steele et al., OOPSLA 2014).
class Random {
  public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15ULL);
        z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ z >> 27U) * 0x94d049bb133111ebULL;
        return z ^ z >> 31U;
    }

    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(next() % limit); }

  private:
    std::uint64_t m_state;
};

class Mix {
  public:
    Mix(std::uint32_t addresses, std::uint64_t seed) : m_random(seed), m_addresses(addresses) {}

    /// Puts the next line into the buffer; returns its length, the end of the line included.
    int line(char* buffer, std::size_t room) {
        m_time += m_random.below(3) == 0 ? 1 : 0;
        const std::time_t seconds = m_time;
        ::gmtime_r(&seconds, &m_now);
        const auto form = m_random.below(4);
        ++m_forms.at(form);
        switch (form) {
        case 0:
            return access(buffer, room);
        case 1:
            return json(buffer, room);
        case 2:
            return python(buffer, room);
        default:
            return server(buffer, room);
        }
    }

    void tell(std::uint64_t bytes, std::uint64_t lines) const {
        std::fprintf(stderr,
                     "%" PRIu64 " bytes in %" PRIu64 " lines of %.0f on average: access %" PRIu64
                     ", JSON %" PRIu64 ", Python %" PRIu64
                     ", Postgres, Redis, sshd and nginx errors %" PRIu64
                     "; %zu distinct addresses, %zu distinct targets\n",
                     bytes, lines, static_cast<double>(bytes) / static_cast<double>(lines),
                     m_forms[0], m_forms[1], m_forms[2], m_forms[3], m_seen_addresses.size(),
                     m_seen_targets.size());
    }

  private:
    std::uint32_t address() {
        // A few ask most: the square of an even draw.
        const double draw = static_cast<double>(m_random.below(1U << 30U)) / (1U << 30U);
        const auto number = static_cast<std::uint32_t>(draw * draw * m_addresses);
        const auto spread = number * 2654435761U;
        m_seen_addresses.insert(spread);
        return spread;
    }

    std::string target() {
        static constexpr std::array k_paths{
            "/",          "/artworks",    "/artworks/%u",      "/artists/%u", "/generate",
            "/result/%u", "/ipfs/Qm%uxw", "/static/app.%u.js", "/api/login",  "/api/mint"};
        char text[96];
        std::snprintf(text, sizeof text, k_paths.at(m_random.below(k_paths.size())), // NOLINT
                      m_random.below(50'000));
        if (m_random.below(4) == 0)
            std::snprintf(text + std::strlen(text), 40, "?limit=20&offset=%u",
                          m_random.below(200) * 20);
        m_seen_targets.insert(text);
        return text;
    }

    int access(char* buffer, std::size_t room) {
        static constexpr std::array k_agents{
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0 Safari/537.36",
            "curl/8.5.0", "Googlebot/2.1 (+http://www.google.com/bot.html)"};
        char time[40];
        std::strftime(time, sizeof time, "%d/%b/%Y:%H:%M:%S +0000", &m_now);
        const auto from = address();
        const int status = m_random.below(200) == 0 ? 500 : m_random.below(30) == 0 ? 404 : 200;
        return std::snprintf(buffer, room,
                             "%u.%u.%u.%u - - [%s] \"%s %s HTTP/1.1\" %d %u "
                             "\"https://gallery.example/\" \"%s\" 0.%03u\n",
                             1 + (from >> 24U) % 223, from >> 16U & 255U, from >> 8U & 255U,
                             from & 255U, time, m_random.below(8) == 0 ? "POST" : "GET",
                             target().c_str(), status, m_random.below(90'000),
                             k_agents.at(m_random.below(k_agents.size())), m_random.below(900));
    }

    int json(char* buffer, std::size_t room) {
        char time[40];
        std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &m_now);
        static constexpr std::array k_messages{"job drawn", "artwork listed",
                                               "cache miss for artwork", "queue polled",
                                               "mint sent for artwork"};
        return std::snprintf(
            buffer, room,
            "{\"time\":\"%s.%03uZ\",\"level\":\"%s\",\"logger\":\"gan-service\",\"msg\":\"%s %u\","
            "\"duration_ms\":%u,\"request_id\":\"%08x-%04x-4%03x-a%03x-%012" PRIx64 "\"}\n",
            time, m_random.below(1000), m_random.below(100) == 0 ? "warning" : "info",
            k_messages.at(m_random.below(k_messages.size())), m_random.below(100'000),
            m_random.below(5000), m_random.below(UINT32_MAX), m_random.below(65536),
            m_random.below(4096), m_random.below(4096), m_random.next() >> 16U);
    }

    int python(char* buffer, std::size_t room) {
        char time[40];
        std::strftime(time, sizeof time, "%Y-%m-%d %H:%M:%S", &m_now);
        switch (m_random.below(3)) {
        case 0:
            return std::snprintf(buffer, room,
                                 "%s.%03u INFO api: job %u style=ember drawn in %u ms as bafk%u\n",
                                 time, m_random.below(1000), m_random.below(1'000'000),
                                 m_random.below(4000), m_random.below(1'000'000));
        case 1: {
            const auto from = address();
            return std::snprintf(
                buffer, room,
                "%s.%03u INFO uvicorn.access: 172.18.%u.%u:%u - \"GET %s HTTP/1.1\" 200 OK\n", time,
                m_random.below(1000), from & 15U, from >> 8U & 255U, 1024 + m_random.below(60'000),
                target().c_str());
        }
        default:
            return std::snprintf(buffer, room,
                                 "%s.%03u INFO api: visitor %u looked at artwork %u of artist %u\n",
                                 time, m_random.below(1000), m_random.below(1'000'000),
                                 m_random.below(50'000), m_random.below(2000));
        }
    }

    int server(char* buffer, std::size_t room) {
        char time[40];
        switch (m_random.below(4)) {
        case 0:
            std::strftime(time, sizeof time, "%Y-%m-%d %H:%M:%S", &m_now);
            return std::snprintf(
                buffer, room,
                "%s.%03u UTC [%u] gallery@gallery LOG:  duration: %u.%03u ms  statement: SELECT * "
                "FROM artworks WHERE id = %u\n",
                time, m_random.below(1000), m_random.below(30'000), 500 + m_random.below(2000),
                m_random.below(1000), m_random.below(50'000));
        case 1:
            std::strftime(time, sizeof time, "%d %b %Y %H:%M:%S", &m_now);
            return std::snprintf(buffer, room,
                                 "1:M %s.%03u * %u changes in 60 seconds. Saving...\n", time,
                                 m_random.below(1000), m_random.below(900));
        case 2: {
            std::strftime(time, sizeof time, "%b %d %H:%M:%S", &m_now);
            return std::snprintf(
                buffer, room,
                "%s web sshd[%u]: Accepted publickey for deploy from 10.0.%u.%u port %u ssh2\n",
                time, m_random.below(30'000), m_random.below(4), m_random.below(256),
                1024 + m_random.below(60'000));
        }
        default: {
            std::strftime(time, sizeof time, "%Y/%m/%d %H:%M:%S", &m_now);
            const auto from = address();
            return std::snprintf(
                buffer, room,
                "%s [warn] 31#31: *%u a client request body is buffered to a temporary file "
                "/tmp/body/%010u, client: %u.%u.%u.%u, server: gallery.example\n",
                time, m_random.below(1'000'000), m_random.below(1'000'000), 1 + (from >> 24U) % 223,
                from >> 16U & 255U, from >> 8U & 255U, from & 255U);
        }
        }
    }

    Random m_random;
    std::uint32_t m_addresses;
    std::time_t m_time = 1'767'225'600; // 2026-01-01
    std::tm m_now{};
    std::array<std::uint64_t, 4> m_forms{};
    std::unordered_set<std::uint32_t> m_seen_addresses{};
    std::unordered_set<std::string> m_seen_targets{};
};

} // namespace

int main(int argc, char* argv[]) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: logs-mix BYTES [ADDRESSES [SEED]]\n");
        return 64;
    }
    const auto bytes = std::strtoull(argv[1], nullptr, 10);
    const auto addresses = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 100'000UL;
    Mix mix{static_cast<std::uint32_t>(addresses),
            argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1ULL};
    std::uint64_t written = 0;
    std::uint64_t lines = 0;
    char buffer[1024];
    while (written < bytes) {
        const int length = mix.line(buffer, sizeof buffer);
        if (std::fwrite(buffer, 1, static_cast<std::size_t>(length), stdout)
            != static_cast<std::size_t>(length))
            return 1;
        written += static_cast<std::uint64_t>(length);
        ++lines;
    }
    mix.tell(written, lines);
    return 0;
}
