// SPDX-License-Identifier: MIT
#include "net/lookup.hpp"

#include "core/text.hpp"
#include "core/units.hpp"
#include "net/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <netdb.h>
#include <new>
#include <sys/socket.h>
#include <system_error>
#include <thread>

namespace net {
namespace {

/// So many names are looked up at one time; further ones wait for their turn. When all of these
/// have hung for so long, the resolver is dead and nothing more waits for it.
constexpr std::size_t k_most_threads = 64;
constexpr std::chrono::seconds k_hangs_after{1};

/// A lookup that is under way answers everybody who asks for the same name, so that a resolver
/// that hangs costs a thread a name and not a thread a look. One that has hung for so long may
/// never come back although the resolver has recovered, so another one is started then, up to
/// `k_most_for_a_name`.
constexpr std::chrono::seconds k_joined_for{60};
constexpr int k_most_for_a_name = 4;

LookupAnswer ask(const std::string& host, int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* list = nullptr;
    LookupAnswer answer;
    answer.code = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    answer.system_code = errno;
    if (answer.code != 0) return answer;
    for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        const int failed =
            ::getnameinfo(at->ai_addr, at->ai_addrlen, text.data(),
                          static_cast<socklen_t>(text.size()), nullptr, 0, NI_NUMERICHOST);
        if (failed != 0) continue;
        std::string ip{text.data()};
        if (std::ranges::find(answer.ips, ip) == answer.ips.end())
            answer.ips.push_back(std::move(ip));
    }
    ::freeaddrinfo(list);
    return answer;
}

LookupAnswer ask_system(const std::string& host) {
    return ask(host, 0);
}

std::atomic<Resolver> g_resolver{&ask_system};

core::Error failed(core::ErrorKind kind, std::string reason, std::string hint,
                   core::OwnTrouble own = core::OwnTrouble::none) {
    core::Error error;
    error.own = own;
    error.kind = kind;
    error.phase = core::Phase::dns;
    error.reason = std::move(reason);
    error.hint = std::move(hint);
    return error;
}

core::Error error_of(const LookupAnswer& answer, const std::string& host) {
    // Without a descriptor the resolver reads no file and asks nobody, and may say "no such name".
    if (out_of_descriptors()) return system_error(EMFILE, core::Phase::dns);
    const std::string shown = core::printable(host);
    switch (answer.code) {
    case 0:
    case EAI_NONAME:
#ifdef EAI_NODATA
    case EAI_NODATA:
#endif
        return failed(core::ErrorKind::unreachable, fmt::format("no such host name '{}'", shown),
                      "the resolver answered: check the spelling; a compose service's name is known"
                      " only inside its network and while the container runs");
    case EAI_AGAIN:
        return failed(
            core::ErrorKind::unreachable,
            fmt::format("the name '{}' can't be looked up: the resolver gave no answer", shown),
            "look at /etc/resolv.conf and whether its name servers answer",
            core::OwnTrouble::resolver);
    case EAI_MEMORY:
        return system_error(ENOMEM, core::Phase::dns);
    case EAI_SYSTEM: {
        auto error = system_error(answer.system_code, core::Phase::dns);
        if (error.kind != core::ErrorKind::observer) error.kind = core::ErrorKind::unreachable;
        error.reason = fmt::format("the name '{}' can't be looked up: {}", shown, error.reason);
        return error;
    }
    default:
        return failed(
            core::ErrorKind::unreachable,
            fmt::format("the name '{}' can't be looked up: {}", shown, ::gai_strerror(answer.code)),
            "look at /etc/resolv.conf and whether its name servers answer");
    }
}

bool looks_like_host(const std::string& host) {
    return !host.empty() && host.size() <= 255 && std::ranges::none_of(host, [](unsigned char c) {
        return c <= ' ' || c == 0x7F || c == '/' || c == ',';
    });
}

/// A name that is being looked up, by whom.
using Question = std::pair<Resolver, std::string>;

core::Error resolver_is_dead() {
    return failed(core::ErrorKind::observer, "too many name lookups hang at once",
                  "the resolver is dead: look at /etc/resolv.conf", core::OwnTrouble::resolver);
}

core::Error no_thread(const std::system_error& e) {
    return failed(core::ErrorKind::observer,
                  fmt::format("can't start a thread for the name lookup: {}", e.what()),
                  "this host or its limits (ulimit -u) are exhausted", core::OwnTrouble::threads);
}

} // namespace

struct Lookup::State {
    std::string host{};
    std::mutex mutex{};
    std::condition_variable_any changed{};
    bool done = false;
    core::Result<std::vector<std::string>> result{};
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point ended = started;

    void finish(core::Result<std::vector<std::string>> value) {
        {
            const std::lock_guard lock{mutex};
            result = std::move(value);
            ended = std::chrono::steady_clock::now();
            done = true;
        }
        changed.notify_all();
    }

    void finish(LookupAnswer answer) {
        if (answer.code == 0 && !answer.ips.empty()) {
            finish(core::Result<std::vector<std::string>>{std::move(answer.ips)});
        } else {
            finish(std::unexpected(error_of(answer, host)));
        }
    }
};

/// The lookups under way. A thread takes its own off when its resolver has answered.
struct Lookup::UnderWay {
    std::mutex mutex{};
    std::multimap<Question, std::shared_ptr<State>> lookups{};

    /// Never destroyed: a hanging thread may come back when the program ends.
    static UnderWay& all() {
        static auto* one = new UnderWay;
        return *one;
    }

    /// Returns the lookup to join; else nothing, and `state` is under way.
    std::shared_ptr<State> join_or_add(const Question& question,
                                       const std::shared_ptr<State>& state) {
        const std::lock_guard lock{mutex};
        std::shared_ptr<State> newest;
        const auto [first, last] = lookups.equal_range(question);
        for (auto at = first; at != last; ++at) {
            if (!newest || at->second->started > newest->started) newest = at->second;
        }
        const bool full = std::distance(first, last) >= k_most_for_a_name;
        if (newest && (full || state->started - newest->started < k_joined_for)) return newest;
        lookups.emplace(question, state);
        return nullptr;
    }

    void remove(const Question& question, const std::shared_ptr<State>& state) {
        const std::lock_guard lock{mutex};
        const auto [first, last] = lookups.equal_range(question);
        for (auto at = first; at != last; ++at) {
            if (at->second != state) continue;
            lookups.erase(at);
            return;
        }
    }
};

/// The threads that ask the resolver, and the lookups for which there is none yet.
struct Lookup::Threads {
    using Moment = std::chrono::steady_clock::time_point;
    using Task = std::pair<Question, std::shared_ptr<State>>;

    std::mutex mutex{};
    std::list<Moment> busy_since{}; ///< one for each thread
    std::deque<Task> waiting{};

    /// Never destroyed: a hanging thread may come back when the program ends.
    static Threads& all() {
        static auto* one = new Threads;
        return *one;
    }

    /// Has `task` looked up, now or when a thread is free.
    void take(Task task) {
        const auto now = std::chrono::steady_clock::now();
        std::unique_lock lock{mutex};
        if (busy_since.size() >= k_most_threads) {
            const bool dead = std::ranges::all_of(
                busy_since, [now](Moment since) { return now - since > k_hangs_after; });
            if (!dead) return waiting.push_back(std::move(task));
            lock.unlock();
            return end(task, std::unexpected(resolver_is_dead()));
        }
        const auto place = busy_since.insert(busy_since.end(), now);
        lock.unlock();
        try {
            std::thread{[this, place, task] { work(place, task); }}.detach();
        } catch (const std::system_error& e) {
            lock.lock();
            busy_since.erase(place);
            lock.unlock();
            end(task, std::unexpected(no_thread(e)));
        }
    }

  private:
    static void end(const Task& task, core::Result<std::vector<std::string>> result) {
        UnderWay::all().remove(task.first, task.second);
        task.second->finish(std::move(result));
    }

    static void answer(const Task& task) {
        auto no_memory = system_error(ENOMEM, core::Phase::dns);
        try {
            auto answer = task.first.first(task.second->host);
            UnderWay::all().remove(task.first, task.second);
            task.second->finish(std::move(answer));
        } catch (const std::bad_alloc&) {
            end(task, std::unexpected(std::move(no_memory)));
        }
    }

    /// Answers one lookup after the other until none waits.
    void work(std::list<Moment>::iterator place, Task task) {
        while (true) {
            answer(task);
            const std::scoped_lock lock{mutex};
            if (waiting.empty()) {
                busy_since.erase(place);
                return;
            }
            task = std::move(waiting.front());
            waiting.pop_front();
            *place = std::chrono::steady_clock::now();
        }
    }
};

Resolver exchange_resolver(Resolver resolver) {
    return g_resolver.exchange(resolver != nullptr ? resolver : &ask_system);
}

Lookup Lookup::start(const std::string& host) {
    auto state = std::make_shared<State>();
    state->host = host;
    if (!looks_like_host(host)) {
        state->finish(std::unexpected(
            failed(core::ErrorKind::unreachable,
                   fmt::format("'{}' is not a host name", core::printable(host)), "")));
        return Lookup{state};
    }
    if (auto numeric = ask(host, AI_NUMERICHOST); numeric.code == 0 && !numeric.ips.empty()) {
        state->finish(std::move(numeric));
        return Lookup{state};
    }
    const Question question{g_resolver.load(), host};
    if (auto other = UnderWay::all().join_or_add(question, state)) return Lookup{std::move(other)};
    Threads::all().take({question, state});
    return Lookup{state};
}

bool Lookup::done() const {
    const std::lock_guard lock{m_state->mutex};
    return m_state->done;
}

std::chrono::microseconds Lookup::elapsed() const {
    const std::lock_guard lock{m_state->mutex};
    const auto until = m_state->done ? m_state->ended : std::chrono::steady_clock::now();
    return std::chrono::duration_cast<std::chrono::microseconds>(std::max(until, m_started)
                                                                 - m_started);
}

core::Result<std::vector<std::string>> Lookup::wait(core::Deadline deadline,
                                                    const std::stop_token& stop) const {
    std::unique_lock lock{m_state->mutex};
    const bool done =
        m_state->changed.wait_until(lock, stop, deadline.at(), [this] { return m_state->done; });
    if (done) return m_state->result;
    if (stop.stop_requested()) return std::unexpected(cancelled_error(core::Phase::dns));
    const auto waited = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - m_started);
    auto error = failed(core::ErrorKind::timeout,
                        fmt::format("the name '{}' could not be looked up in {}",
                                    core::printable(m_state->host), core::format_duration(waited)),
                        "the resolver does not answer: look at /etc/resolv.conf and whether its"
                        " name servers answer",
                        core::OwnTrouble::resolver);
    error.elapsed = waited;
    return std::unexpected(std::move(error));
}

} // namespace net
