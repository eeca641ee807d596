// SPDX-License-Identifier: MIT
#include "support/hostile.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace hostile {
namespace {

using namespace std::chrono_literals;

sockaddr_in loopback(const std::string& address, std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &at.sin_addr);
    return at;
}

int listen_on(const std::string& address, std::uint16_t& port, int backlog) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    auto at = loopback(address, port);
    socklen_t size = sizeof at;
    if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&at), size) != 0
        || ::listen(fd, backlog) != 0)
        throw std::runtime_error{"the hostile bed can't listen"};
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    port = ntohs(at.sin_port);
    return fd;
}

bool readable(int fd, std::chrono::milliseconds span) {
    pollfd entry{fd, POLLIN, 0};
    return ::poll(&entry, 1, static_cast<int>(span.count())) > 0;
}

/// Whether the client has closed its side.
bool is_gone(int fd) {
    char byte = 0;
    const auto got = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

} // namespace

Connection::~Connection() {
    if (m_fd >= 0) ::close(m_fd);
}

long Connection::raw_read(char* buffer, std::size_t size) {
    return ::recv(m_fd, buffer, size, MSG_DONTWAIT);
}

long Connection::raw_write(const char* data, std::size_t size) {
    return ::send(m_fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::string Connection::read_request() {
    std::string request;
    char buffer[4096];
    while (!m_stopping && request.find("\r\n\r\n") == std::string::npos) {
        // Protocols that are not HTTP are recognised by their silence after the first bytes.
        if (!readable(m_fd, request.empty() ? 20ms : 100ms)) {
            if (request.empty()) continue;
            break;
        }
        const long got = raw_read(buffer, sizeof buffer);
        if (got == 0) break;
        if (got > 0) request.append(buffer, static_cast<std::size_t>(got));
    }
    return request;
}

std::string Connection::read_some() {
    char buffer[16384];
    while (!m_stopping) {
        const long got = raw_read(buffer, sizeof buffer);
        if (got == 0) break;
        if (got > 0) return {buffer, static_cast<std::size_t>(got)};
        if (errno != EAGAIN && errno != EINTR) break;
        (void)readable(m_fd, 20ms);
    }
    return {};
}

bool Connection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        if (m_stopping) return false;
        const long sent = raw_write(bytes.data(), bytes.size());
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (errno != EAGAIN && errno != EINTR) return false;
        pollfd entry{m_fd, POLLOUT, 0};
        ::poll(&entry, 1, 20);
    }
    return true;
}

bool Connection::drip(std::string_view bytes, std::chrono::milliseconds interval) {
    for (const char byte : bytes) {
        if (!send({&byte, 1})) return false;
        const auto until = std::chrono::steady_clock::now() + interval;
        while (std::chrono::steady_clock::now() < until && !m_stopping)
            std::this_thread::sleep_for(std::min(interval, 10ms));
    }
    return true;
}

void Connection::flood(std::string_view bytes) {
    std::string block;
    while (block.size() < 65536)
        block += bytes;
    while (send(block)) {
    }
}

void Connection::hold() {
    while (!m_stopping && !is_gone(m_fd))
        std::this_thread::sleep_for(10ms);
}

void Connection::reset() {
    const linger at_once{1, 0};
    ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(m_fd);
    m_fd = -1;
}

void Connection::end() {
    ::shutdown(m_fd, SHUT_WR);
    const auto until = std::chrono::steady_clock::now() + 1s;
    while (!m_stopping && std::chrono::steady_clock::now() < until && !is_gone(m_fd)) {
        char sink[4096];
        if (readable(m_fd, 10ms)) (void)::recv(m_fd, sink, sizeof sink, MSG_DONTWAIT);
    }
}

Server::Server(Behaviour behaviour, Wrap wrap, std::string address, std::uint16_t port)
    : m_behaviour(std::move(behaviour)), m_wrap(std::move(wrap)), m_port(port) {
    m_fd = listen_on(address, m_port, SOMAXCONN);
    m_acceptor = std::thread{[this] { serve(); }};
}

Server::Server(Unix, Behaviour behaviour, const std::string& path)
    : m_behaviour(std::move(behaviour)) {
    m_fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strncpy(at.sun_path, path.c_str(), sizeof at.sun_path - 1);
    if (m_fd < 0 || ::bind(m_fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0
        || ::listen(m_fd, 16) != 0)
        throw std::runtime_error{"the hostile bed can't listen on " + path};
    m_acceptor = std::thread{[this] { serve(); }};
}

std::unique_ptr<Server> Server::on_unix_socket(Behaviour behaviour, const std::string& path) {
    return std::unique_ptr<Server>{new Server{Unix{}, std::move(behaviour), path}};
}

Server::~Server() {
    m_stopping = true;
    m_acceptor.join();
    for (auto& connection : m_connections)
        connection.join();
    ::close(m_fd);
}

void Server::serve() {
    while (!m_stopping) {
        if (!readable(m_fd, 10ms)) continue;
        const int fd = ::accept4(m_fd, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) continue;
        ++m_accepted;
        m_connections.emplace_back([this, fd] {
            const auto connection =
                m_wrap ? m_wrap(fd, m_stopping) : std::make_unique<Connection>(fd, m_stopping);
            if (connection) m_behaviour(*connection);
        });
    }
}

std::uint16_t closed_port() {
    // Bound and never listening: it refuses, and no other server of the bed can be given it.
    static const std::uint16_t port = [] {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        auto at = loopback("127.0.0.1", 0);
        socklen_t size = sizeof at;
        auto* address = reinterpret_cast<sockaddr*>(&at);
        if (::bind(fd, address, size) != 0 || ::getsockname(fd, address, &size) != 0)
            throw std::system_error(errno, std::generic_category(), "a closed port");
        return ntohs(at.sin_port);
    }();
    return port;
}

BlackHole::BlackHole(const std::string& address, std::uint16_t port) : m_port(port) {
    m_fds.push_back(listen_on(address, m_port, 0));
    // A backlog of 0 holds one connection; further ones get no answer to their SYN.
    for (int i = 0; i < 4; ++i) {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        const auto at = loopback(address, m_port);
        (void)::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at);
        m_fds.push_back(fd);
    }
}

BlackHole::~BlackHole() {
    for (const int fd : m_fds)
        ::close(fd);
}

StoppedProcess::StoppedProcess() {
    const int fd = listen_on("127.0.0.1", m_port, 64);
    m_pid = ::fork();
    if (m_pid == 0) {
        // Only system calls are safe here: the parent has threads.
        while (true)
            ::pause();
    }
    ::close(fd);
    ::kill(m_pid, SIGSTOP);
    ::waitpid(m_pid, nullptr, WUNTRACED);
}

StoppedProcess::StoppedProcess(std::string half_answer) : m_half_answer(std::move(half_answer)) {
    const int listener = listen_on("127.0.0.1", m_port, 64);
    const char* bytes = m_half_answer.data();
    const std::size_t size = m_half_answer.size();
    m_pid = ::fork();
    if (m_pid == 0) {
        // Only system calls are safe here, too.
        pollfd waiting{listener, POLLIN, 0};
        for (int served = 0; ::poll(&waiting, 1, served == 0 ? -1 : 60) > 0; ++served) {
            const int client = ::accept(listener, nullptr, nullptr);
            pollfd asked{client, POLLIN, 0};
            (void)::poll(&asked, 1, 200);
            (void)!::write(client, bytes, size);
        }
        ::kill(::getpid(), SIGSTOP);
        while (true)
            ::pause();
    }
    ::close(listener);
}

StoppedProcess::~StoppedProcess() {
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
}

std::string http_answer(int status, std::string_view body, std::string_view content_type,
                        std::string_view more_headers) {
    std::string answer = "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Type: ";
    answer += content_type;
    answer += "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    answer += more_headers;
    answer += "\r\n";
    answer += body;
    return answer;
}

} // namespace hostile
