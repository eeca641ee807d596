// SPDX-License-Identifier: MIT
#include "probe/redis.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"
#include "net/stream.hpp"
#include "probe/mask.hpp"
#include "probe/redis_info.hpp"
#include "probe/redis_reply.hpp"
#include "probe/redis_url.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace probe {
namespace {

using Clock = std::chrono::steady_clock;
using Command = std::vector<std::string>;
using Replies = std::vector<RedisReply>;

core::Error failure(core::ErrorKind kind, std::string reason, std::string hint, core::Phase phase) {
    core::Error error;
    error.kind = kind;
    error.reason = std::move(reason);
    error.hint = std::move(hint);
    error.phase = phase;
    return error;
}

/// What a Redis' error answer means. Its first word is its kind.
core::Error error_of(std::string_view text, const core::Secret& password, core::Phase phase) {
    const std::string said = quoted_answer(text, password);
    const auto begins = [&](std::string_view word) { return text.starts_with(word); };
    using enum core::ErrorKind;
    if (begins("NOAUTH"))
        return failure(auth, "password required: " + said, "set the Redis password", phase);
    if (begins("WRONGPASS") || begins("ERR invalid password"))
        return failure(auth, "password refused: " + said, "check the Redis user and password",
                       phase);
    if (begins("NOPERM"))
        return failure(
            auth, "not allowed: " + said,
            "the user needs +ping +info +config|get +type +llen +xlen +zcard +scard, and "
            "~KEY for each queue",
            phase);
    if (begins("MOVED ") || begins("ASK "))
        return failure(missing, "another node of the cluster has it: " + said,
                       "name the queue at that node's URL", phase);
    if (begins("DENIED"))
        return failure(auth, "protected mode: " + said,
                       "the server takes only local connections until it has a password", phase);
    if (begins("LOADING"))
        return failure(protocol, "not ready: " + said,
                       "it loads its data set: wait, or look at"
                       " its log",
                       phase);
    if (begins("BUSY"))
        return failure(protocol, "busy: " + said, "redis-cli SCRIPT KILL ends the script", phase);
    if (begins("MASTERDOWN"))
        return failure(protocol, "replica without its master: " + said,
                       "look at the master and the network between them", phase);
    if (begins("ERR max number of clients"))
        return failure(protocol, "no connection left: " + said,
                       "find who keeps connections open (CLIENT LIST) or raise maxclients", phase);
    return failure(protocol, "error answer: " + said, "", phase);
}

/// A connection on which commands are exchanged. Every step ends by the deadline.
class Session {
  public:
    Session(net::Stream stream, core::Deadline deadline, std::stop_token stop)
        : m_stream(std::move(stream)), m_deadline(deadline), m_stop(std::move(stop)) {}

    /// Sends the commands in one go and reads an answer for each. When the server ends the
    /// connection early but said something before, what it said is returned.
    core::Result<Replies> exchange(std::span<const Command> commands) {
        std::string wire;
        for (const auto& command : commands)
            wire += redis_command(command);
        m_begun = false;
        const auto sent = m_stream.write(wire, m_deadline, m_stop);
        // A server that turns us away says why and closes at once: the reason may wait to be read.
        if (!sent && sent.error().kind != core::ErrorKind::reset)
            return std::unexpected(sent.error());
        Replies replies;
        while (replies.size() < commands.size()) {
            auto reply = next();
            if (!reply && !replies.empty() && replies.front().is_error()) return replies;
            if (!reply && !sent) return std::unexpected(sent.error());
            if (!reply) return std::unexpected(std::move(reply).error());
            replies.push_back(std::move(*reply));
        }
        return replies;
    }

  private:
    core::Result<RedisReply> next() {
        std::array<char, 16384> buffer{};
        while (true) {
            TRY_ASSIGN(auto reply, m_reader.next());
            if (reply) return std::move(*reply);
            TRY_ASSIGN(const std::size_t got, m_stream.read(buffer, m_deadline, m_stop));
            if (got == 0)
                return std::unexpected(failure(
                    core::ErrorKind::reset,
                    m_begun ? "the server closed the connection in mid-answer"
                            : "the server closed the connection without an answer",
                    "look at its log", m_begun ? core::Phase::body : core::Phase::first_byte));
            m_begun = true;
            TRY(m_reader.feed({buffer.data(), got}));
        }
    }

    net::Stream m_stream;
    core::Deadline m_deadline;
    std::stop_token m_stop;
    RedisReader m_reader{};
    bool m_begun = false; ///< something came since the last command
};

struct Login {
    RedisUrl url{};
    std::string username{};
    core::Secret password{};
};

core::Result<Login> login_of(const config::Redis& target) {
    Login login;
    TRY_ASSIGN(login.url, parse_redis_url(target.url));
    login.username = target.username.empty() ? login.url.username : target.username;
    login.password = target.password.empty() ? core::Secret{login.url.password} : target.password;
    return login;
}

core::Result<net::Stream> connect(const Login& login, const config::Tls& tls,
                                  core::Deadline deadline, const std::stop_token& stop) {
    TRY_ASSIGN(auto stream, net::Stream::connect(login.url.host, login.url.port, deadline, stop));
    if (login.url.tls) {
        const net::TlsSettings settings{tls.ca_file, tls.cert_file, tls.key_file, login.url.host,
                                        tls.verify};
        TRY(stream.start_tls(settings, deadline, stop));
    }
    return stream;
}

/// An older server without a password answers AUTH with an error that harms nobody.
bool no_password_set(std::string_view text) {
    return text.find("no password is set") != std::string_view::npos
           || text.find("without any password configured") != std::string_view::npos;
}

core::Result<void> log_in(Session& session, const Login& login) {
    std::vector<Command> commands;
    const bool with_auth = !login.password.empty();
    if (with_auth && login.username.empty()) commands.push_back({"AUTH", login.password.reveal()});
    if (with_auth && !login.username.empty())
        commands.push_back({"AUTH", login.username, login.password.reveal()});
    if (login.url.database != 0) commands.push_back({"SELECT", std::to_string(login.url.database)});
    if (commands.empty()) return {};
    TRY_ASSIGN(const auto replies, session.exchange(commands));
    for (const auto& reply : replies) {
        // SELECT is refused while the data set loads; PING tells that better.
        if (!reply.is_error() || no_password_set(reply.text) || reply.text.starts_with("LOADING"))
            continue;
        return std::unexpected(error_of(reply.text, login.password, core::Phase::login));
    }
    return {};
}

/// Sends PING. While it loads or has lost its master, a Redis refuses PING and still answers INFO,
/// which tells more.
core::Result<std::chrono::microseconds> ping(Session& session, const core::Secret& password) {
    const std::array<Command, 1> command{Command{"PING"}};
    const auto began = Clock::now();
    TRY_ASSIGN(const auto replies, session.exchange(command));
    const auto took = core::since(began);
    const auto& reply = replies.front();
    if (reply.is_error()) {
        for (const auto* harmless : {"LOADING", "MASTERDOWN", "NOPERM"})
            if (reply.text.starts_with(harmless)) return took;
        return std::unexpected(error_of(reply.text, password, core::Phase::request));
    }
    if (reply.text != "PONG")
        return std::unexpected(failure(core::ErrorKind::protocol,
                                       "PING was answered by something else than PONG",
                                       "is it a Redis that listens there?", core::Phase::request));
    return took;
}

/// The value of a CONFIG GET answer: an array of the name and the value. Nothing when the command
/// is refused or renamed.
const std::string* config_value(const RedisReply& reply) {
    if (reply.type != RedisReply::Type::array || reply.elements.size() != 2) return nullptr;
    return &reply.elements[1]->text;
}

constexpr std::size_t k_most_queues = 256;

std::string length_command(std::string_view type) {
    if (type == "list") return "LLEN";
    if (type == "stream") return "XLEN";
    if (type == "zset") return "ZCARD";
    if (type == "set") return "SCARD";
    return {};
}

/// Why a queue was not measured; empty where `reply` is of the wanted type.
std::string queue_problem(const RedisReply& reply, RedisReply::Type wanted,
                          const core::Secret& password) {
    if (reply.type == wanted) return {};
    if (!reply.is_error()) return "the server's answer is of another kind than expected";
    const auto error = error_of(reply.text, password, core::Phase::query);
    return error.hint.empty() ? error.reason : error.reason + "; " + error.hint;
}

/// Keeps what TYPE says of a queue. Returns the command that measures it; nothing where there is
/// none to send. A queue without entries does not exist: its length is 0.
Command measure_command(const std::string& queue, const RedisReply& type,
                        const core::Secret& password, facts::Redis& redis) {
    const auto problem = queue_problem(type, RedisReply::Type::status, password);
    const auto word = length_command(type.text);
    if (!problem.empty()) {
        redis.queue_problems[queue] = problem;
    } else if (type.text == "none") {
        redis.queue_lengths[queue] = 0;
    } else if (word.empty()) {
        redis.queue_problems[queue] = "the key is no list, stream or set but of type "
                                      + quoted_answer(type.text, password, 40);
    } else {
        return {std::string{word}, queue};
    }
    return {};
}

/// Measures the queues by their types.
core::Result<void> measure_queues(Session& session, const std::vector<std::string>& queues,
                                  std::span<const RedisReply> types, const core::Secret& password,
                                  facts::Redis& redis) {
    std::vector<Command> commands;
    for (std::size_t i = 0; i < types.size(); ++i) {
        auto command = measure_command(queues[i], types[i], password, redis);
        if (!command.empty()) commands.push_back(std::move(command));
    }
    if (commands.empty()) return {};
    TRY_ASSIGN(const auto lengths, session.exchange(commands));
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const auto& queue = commands[i][1];
        // A server that closes the connection early leaves the last ones without an answer.
        const auto problem = i < lengths.size()
                                 ? queue_problem(lengths[i], RedisReply::Type::integer, password)
                                 : "the server closed the connection before its answer";
        if (problem.empty())
            redis.queue_lengths[queue] = std::max<std::int64_t>(lengths[i].integer, 0);
        else
            redis.queue_problems[queue] = problem;
    }
    return {};
}

/// Takes off the queues beyond the most that are measured.
std::vector<std::string> take_rest(std::vector<std::string>& queues) {
    if (queues.size() <= k_most_queues) return {};
    const auto first = queues.begin() + static_cast<std::ptrdiff_t>(k_most_queues);
    std::vector<std::string> rest(first, queues.end());
    queues.resize(k_most_queues);
    return rest;
}

core::Result<facts::Redis> ask(Session& session, std::vector<std::string> queues,
                               const core::Secret& password) {
    TRY_ASSIGN(const auto took, ping(session, password));
    const auto rest = take_rest(queues);
    std::vector<Command> commands{
        {"INFO"}, {"CONFIG", "GET", "save"}, {"CONFIG", "GET", "maxclients"}};
    for (const auto& queue : queues)
        commands.push_back({"TYPE", queue});
    TRY_ASSIGN(const auto replies, session.exchange(commands));
    const auto& info = replies.front();
    if (info.is_error()) return std::unexpected(error_of(info.text, password, core::Phase::query));
    auto redis = parse_redis_info(info.text, std::chrono::system_clock::now());
    if (info.type != RedisReply::Type::string || !redis)
        return std::unexpected(failure(core::ErrorKind::protocol, "INFO has no redis_version",
                                       "is it a Redis that listens there?", core::Phase::query));
    redis->ping = took;
    const auto* save = config_value(replies[1]);
    redis->rdb_enabled = save != nullptr ? std::optional{!save->empty()} : std::nullopt;
    if (const auto* most = config_value(replies[2]); most != nullptr && redis->max_clients == 0) {
        if (const auto value = core::trim(*most); !value.empty() && value.size() < 10)
            redis->max_clients = std::strtol(std::string{value}.c_str(), nullptr, 10);
    }
    for (const auto& queue : rest)
        redis->queue_problems[queue] =
            "not asked for: at most " + std::to_string(k_most_queues) + " queues of a server are";
    TRY(measure_queues(session, queues, std::span{replies}.subspan(3), password, *redis));
    return *std::move(redis);
}

core::Result<facts::Redis> observe(const config::Redis& target, core::Deadline deadline,
                                   std::stop_token stop) {
    const auto began = Clock::now();
    TRY_ASSIGN(const auto login, login_of(target));
    TRY_ASSIGN(auto stream, connect(login, target.tls, deadline, stop));
    const auto connected = core::since(began);
    Session session{std::move(stream), deadline, std::move(stop)};
    TRY(log_in(session, login));
    TRY_ASSIGN(auto redis, ask(session, target.queues, login.password));
    redis.connect = connected;
    return redis;
}

} // namespace

core::Result<facts::Redis> observe_redis(const config::Redis& target, core::Deadline deadline,
                                         std::stop_token stop) {
    const auto began = Clock::now();
    auto redis = observe(target, deadline, std::move(stop));
    if (redis) return redis;
    auto error = std::move(redis).error();
    if (error.phase != core::Phase::none) error.what = "asking Redis";
    error.where = core::printable(core::mask_url(target.url));
    if (error.elapsed.count() == 0) error.elapsed = core::since(began);
    return std::unexpected(std::move(error));
}

} // namespace probe
