// SPDX-License-Identifier: MIT
#include "probe/journal.hpp"

#include "core/text.hpp"
#include "net/system.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace probe {
namespace {

constexpr std::size_t k_journal_piece = std::size_t{64} << 10U;

core::Error journal_failure(core::ErrorKind kind, std::string reason, std::string hint) {
    core::Error error;
    error.kind = kind;
    error.phase = core::Phase::query;
    error.what = "read the journal";
    error.reason = std::move(reason);
    error.hint = std::move(hint);
    return error;
}

core::Error no_journal() {
    return journal_failure(core::ErrorKind::missing, "there is no journal, or it is empty",
                           "journalctl --header says what there is");
}

core::Error out_of_means() {
    return journal_failure(core::ErrorKind::observer, std::generic_category().message(errno),
                           "this process is short of descriptors or memory");
}

std::vector<std::string> arguments(const JournalRequest& request) {
    std::vector<std::string> all{"journalctl", "--no-pager", "--all", "--output=json",
                                 "--output-fields=" + request.fields};
    const auto seconds = [](core::Time time) {
        return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    };
    const auto& window = request.window;
    if (window.since) all.push_back(fmt::format("--since=@{}", seconds(*window.since)));
    if (window.until) all.push_back(fmt::format("--until=@{}", seconds(*window.until) + 1));
    if (window.tail) all.push_back(fmt::format("--lines={}", *window.tail));
    if (window.follow) {
        all.emplace_back("--follow");
        if (!window.tail) all.emplace_back("--no-tail");
    }
    if (!request.where.empty()) {
        std::error_code problem;
        const bool is_folder = std::filesystem::is_directory(request.where, problem);
        all.push_back((is_folder ? "--directory=" : "--file=") + request.where.string());
    }
    return all;
}

/// journalctl while it runs; ended with us.
class Journalctl {
  public:
    Journalctl() = default;
    Journalctl(const Journalctl&) = delete;
    Journalctl& operator=(const Journalctl&) = delete;
    Journalctl(Journalctl&&) = delete;
    Journalctl& operator=(Journalctl&&) = delete;

    ~Journalctl() {
        if (m_process <= 0) return;
        ::kill(m_process, SIGKILL);
        (void)wait();
    }

    core::Result<void> start(std::vector<std::string> words) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(out_of_means());
        m_out = net::Descriptor{ends[0]};
        const net::Descriptor in{ends[1]};
        m_errors = net::Descriptor{::memfd_create("journalctl", MFD_CLOEXEC)};
        if (!m_errors.valid()) return std::unexpected(out_of_means());
        posix_spawn_file_actions_t actions{};
        if (::posix_spawn_file_actions_init(&actions) != 0) return std::unexpected(out_of_means());
        ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions, in.get(), STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, m_errors.get(), STDERR_FILENO);
        std::vector<char*> pointers;
        for (auto& word : words)
            pointers.push_back(word.data());
        pointers.push_back(nullptr);
        const int code =
            ::posix_spawnp(&m_process, "journalctl", &actions, nullptr, pointers.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (code == 0) return {};
        m_process = -1;
        if (code == ENOENT)
            return std::unexpected(journal_failure(core::ErrorKind::missing,
                                                   "there is no journalctl on this machine",
                                                   "it comes with systemd; name files, or read "
                                                   "containers"));
        return std::unexpected(journal_failure(core::ErrorKind::observer,
                                               std::generic_category().message(code),
                                               "journalctl could not be started"));
    }

    /// Reads on; 0 at the end.
    core::Result<std::size_t> read(char* room, core::Deadline deadline,
                                   const std::stop_token& stop) const {
        while (true) {
            const auto ready = net::wait_ready(m_out.get(), net::Wanted::read, deadline, stop);
            if (ready == net::Ready::cancelled)
                return std::unexpected(
                    journal_failure(core::ErrorKind::cancelled, "interrupted", ""));
            if (ready == net::Ready::timeout || deadline.passed()) // what floods us is always ready
                return std::unexpected(journal_failure(core::ErrorKind::timeout,
                                                       "not read to its end in time",
                                                       "--deadline gives it longer"));
            const auto many = ::read(m_out.get(), room, k_journal_piece);
            if (many >= 0) return static_cast<std::size_t>(many);
            if (errno != EINTR && errno != EAGAIN) return std::unexpected(out_of_means());
        }
    }

    /// Waits for its end; its exit code, or -1.
    int wait() {
        int status = 0;
        while (::waitpid(m_process, &status, 0) < 0)
            if (errno != EINTR) break;
        m_process = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    /// The beginning of what it complained of.
    [[nodiscard]] std::string complaint() const {
        std::string text(4096, '\0');
        const auto many = ::pread(m_errors.get(), text.data(), text.size(), 0);
        text.resize(many > 0 ? static_cast<std::size_t>(many) : 0);
        return text;
    }

  private:
    pid_t m_process = -1;
    net::Descriptor m_out{};
    net::Descriptor m_errors{};
};

/// What journalctl says only on its standard error: it ends with 0 where it may read a part only,
/// or where there is nothing.
core::Result<void> outcome(int code, const std::string& complaint) {
    const auto says = [&](std::string_view words) { return complaint.contains(words); };
    if (says("not seeing messages") || says("insufficient permissions")
        || says("Permission denied"))
        return std::unexpected(journal_failure(core::ErrorKind::permission,
                                               "not all of it may be read",
                                               "as root, or as a member of the group adm or "
                                               "systemd-journal, all of it"));
    if (says("No journal files were found")) return std::unexpected(no_journal());
    if (code == 0 && complaint.empty()) return {};
    const auto line = core::printable(complaint.substr(0, complaint.find('\n')));
    if (code == 0 && !says("orrupt") && !says("runcated")) return {};
    return std::unexpected(
        journal_failure(core::ErrorKind::protocol,
                        line.empty() ? fmt::format("journalctl ended with {}", code) : line,
                        "journalctl --verify"));
}

/// Reads with one journalctl; returns how many bytes came.
core::Result<std::size_t> read_once(const JournalRequest& request, const TakeBytes& take,
                                    core::Deadline deadline, const std::stop_token& stop) {
    Journalctl journalctl;
    TRY(journalctl.start(arguments(request)));
    const auto buffer = std::make_unique_for_overwrite<char[]>(k_journal_piece);
    std::size_t bytes = 0;
    while (true) {
        TRY_ASSIGN(const auto many, journalctl.read(buffer.get(), deadline, stop));
        if (many == 0) break;
        bytes += many;
        take({buffer.get(), many});
    }
    const int code = journalctl.wait();
    TRY(outcome(code, journalctl.complaint()));
    return bytes;
}

} // namespace

core::Result<void> read_journal(const JournalRequest& request, const TakeBytes& take,
                                core::Deadline deadline, const std::stop_token& stop) {
    std::error_code problem;
    if (!request.where.empty() && !std::filesystem::exists(request.where, problem)) {
        auto error =
            journal_failure(core::ErrorKind::missing, "it does not exist", "check the path");
        error.where = request.where.string();
        return std::unexpected(error);
    }
    TRY_ASSIGN(const auto bytes, read_once(request, take, deadline, stop));
    if (bytes > 0) return {};
    // A quiet hour, or no journal at all? journalctl tells neither.
    auto newest = request;
    newest.window = {.since = {}, .until = {}, .tail = 1, .follow = false};
    TRY_ASSIGN(const auto any, read_once(newest, [](std::string_view) {}, deadline, stop));
    if (any > 0) return {};
    return std::unexpected(no_journal());
}

} // namespace probe
