// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// The hostile bed: small servers on loopback that behave as servers do on a bad day or in bad
// hands. The conformance tests set every probe against every behaviour.

namespace hostile {

/// One accepted connection, as a behaviour sees it. Every call ends when the server is stopped.
class Connection {
  public:
    Connection(int fd, const std::atomic<bool>& stopping) : m_fd(fd), m_stopping(stopping) {}

    virtual ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Reads what the client sends first, up to the end of an HTTP header or the first silence.
    std::string read_request();

    /// Waits for bytes of the client and returns what there is; empty at its end or the server's.
    std::string read_some();

    /// Sends `bytes`; false when the client is gone or the server stops.
    bool send(std::string_view bytes);

    /// Sends `bytes` one by one, `interval` apart.
    bool drip(std::string_view bytes, std::chrono::milliseconds interval);

    /// Sends `bytes` again and again until the client is gone.
    void flood(std::string_view bytes);

    /// Keeps the connection open and says nothing until the client is gone or the server stops.
    void hold();

    /// Closes with a reset instead of a proper end.
    void reset();

    /// Ends our side properly, and takes in what the client still sends, so that it is no reset.
    virtual void end();

    [[nodiscard]] int descriptor() const { return m_fd; }

    [[nodiscard]] bool stopping() const { return m_stopping; }

  protected:
    /// What goes over the wire; TLS replaces both. Negative: nothing now; 0 from a read: the end.
    virtual long raw_read(char* buffer, std::size_t size);
    virtual long raw_write(const char* data, std::size_t size);

    int m_fd;
    const std::atomic<bool>& m_stopping;
};

using Behaviour = std::function<void(Connection&)>;
using Wrap = std::function<std::unique_ptr<Connection>(int fd, const std::atomic<bool>& stopping)>;

/// A server on 127.0.0.1 (or another loopback address, or a Unix socket) with a thread for each
/// connection. Stops, and joins all its threads, when it goes.
class Server {
  public:
    explicit Server(Behaviour behaviour, Wrap wrap = {}, std::string address = "127.0.0.1",
                    std::uint16_t port = 0);
    static std::unique_ptr<Server> on_unix_socket(Behaviour behaviour, const std::string& path);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }

    /// How many connections have been accepted.
    [[nodiscard]] int accepted() const { return m_accepted; }

  private:
    struct Unix {};

    Server(Unix, Behaviour behaviour, const std::string& path);
    void serve();

    Behaviour m_behaviour;
    Wrap m_wrap;
    int m_fd = -1;
    std::uint16_t m_port = 0;
    std::atomic<bool> m_stopping{false};
    std::atomic<int> m_accepted{0};
    std::vector<std::thread> m_connections{};
    std::thread m_acceptor{};
};

/// A port of 127.0.0.1 on which nothing listens.
std::uint16_t closed_port();

/// A port of `address` that takes no connection and refuses none: its queue is full.
class BlackHole {
  public:
    explicit BlackHole(const std::string& address = "127.0.0.1", std::uint16_t port = 0);
    ~BlackHole();
    BlackHole(const BlackHole&) = delete;
    BlackHole& operator=(const BlackHole&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }

  private:
    std::vector<int> m_fds{};
    std::uint16_t m_port = 0;
};

/// A process that accepts connections in the kernel only, because it is stopped (SIGSTOP).
class StoppedProcess {
  public:
    StoppedProcess();

    /// First sends `half_answer` to whoever asks, and stops itself when nobody else comes.
    explicit StoppedProcess(std::string half_answer);
    ~StoppedProcess();
    StoppedProcess(const StoppedProcess&) = delete;
    StoppedProcess& operator=(const StoppedProcess&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }

  private:
    std::string m_half_answer{};
    int m_pid = -1;
    std::uint16_t m_port = 0;
};

/// Returns an HTTP/1.1 answer with a sound header for `body`.
std::string http_answer(int status, std::string_view body,
                        std::string_view content_type = "application/json",
                        std::string_view more_headers = {});

/// One way to misbehave.
struct Case {
    std::string name{};
    Behaviour behaviour{};
    bool is_http = false; ///< a sound HTTP answer, which is no fault for a probe of plain HTTP
};

/// All of them.
std::span<const Case> cases();

} // namespace hostile
