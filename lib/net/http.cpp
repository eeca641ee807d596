// SPDX-License-Identifier: MIT
#include "net/http.hpp"

#include "net/system.hpp"
#include "net/transfer.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>

namespace net {
namespace {

struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

using Transfers = std::vector<std::unique_ptr<Transfer>>;

/// What is to be sent, and how.
struct Batch {
    std::span<const HttpRequest> requests{};
    core::Deadline deadline;
    std::stop_token stop{};
    std::size_t most_open = k_all_at_once;
};

bool init_curl() {
    static std::once_flag once;
    static bool good = false;
    std::call_once(once, [] { good = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; });
    return good;
}

void collect_finished(CURLM* multi, const Transfers& transfers) {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode code = message->data.result;
        void* self = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
        const auto owner = std::ranges::find_if(
            transfers, [self](const auto& transfer) { return transfer.get() == self; });
        if (owner != transfers.end()) (*owner)->finish(multi, code);
    }
}

std::size_t count_open(const Transfers& transfers) {
    return static_cast<std::size_t>(
        std::ranges::count_if(transfers, [](const auto& each) { return !each->finished(); }));
}

/// Makes transfers of the next requests while there is a place for them.
void add_next(Transfers& transfers, const Batch& batch) {
    auto open = count_open(transfers);
    while (open < batch.most_open && transfers.size() < batch.requests.size()) {
        transfers.push_back(
            std::make_unique<Transfer>(batch.requests[transfers.size()], batch.deadline));
        if (!transfers.back()->finished()) ++open;
    }
}

void start_ready(CURLM* multi, const Transfers& transfers, core::Deadline deadline,
                 const std::stop_token& stop) {
    for (const auto& transfer : transfers) {
        if (!transfer->started() && !transfer->finished() && transfer->looked_up())
            transfer->start(multi, deadline, stop);
    }
}

/// Returns how long the loop may sleep: short while a name lookup runs, since its end does not wake
/// curl, but growing with the time that has passed, so that the wait costs at most a tenth of it.
std::chrono::milliseconds nap(const Transfers& transfers, std::chrono::milliseconds running,
                              core::Deadline deadline) {
    const bool looking_up = std::ranges::any_of(transfers, [](const auto& transfer) {
        return !transfer->started() && !transfer->finished();
    });
    auto span = std::min(k_slice, deadline.remaining() + std::chrono::milliseconds{1});
    if (looking_up) span = std::min(span, running / 10 + std::chrono::milliseconds{1});
    return span;
}

/// Runs the batch to its end. Requests that had no place until then have no transfer.
void run(CURLM* multi, Transfers& transfers, const Batch& batch) {
    const auto began = std::chrono::steady_clock::now();
    while (true) {
        add_next(transfers, batch);
        start_ready(multi, transfers, batch.deadline, batch.stop);
        int running = 0;
        curl_multi_perform(multi, &running);
        collect_finished(multi, transfers);
        const bool all_begun = transfers.size() == batch.requests.size();
        const auto open = count_open(transfers);
        if (all_begun && open == 0) return;
        if (batch.stop.stop_requested() || batch.deadline.passed()) break;
        if (!all_begun && open < batch.most_open) continue;
        const auto span = nap(transfers,
                              std::chrono::duration_cast<std::chrono::milliseconds>(
                                  std::chrono::steady_clock::now() - began),
                              batch.deadline);
        curl_multi_poll(multi, nullptr, 0, static_cast<int>(span.count()), nullptr);
    }
    const auto why =
        batch.stop.stop_requested() ? core::ErrorKind::cancelled : core::ErrorKind::timeout;
    for (const auto& transfer : transfers) {
        if (!transfer->finished()) transfer->give_up(multi, why);
    }
}

/// The result of a request that had no place before the end.
core::Result<facts::Http> left_out(const HttpRequest& request, const std::stop_token& stop) {
    auto result = Transfer{request, core::Deadline::after(std::chrono::seconds{0})}.take_result();
    if (!result && stop.stop_requested()) {
        auto error = cancelled_error(core::Phase::request);
        error.what = std::move(result.error().what);
        error.where = std::move(result.error().where);
        result = std::unexpected(std::move(error));
    }
    return result;
}

} // namespace

std::vector<core::Result<facts::Http>> fetch_all(std::span<const HttpRequest> requests,
                                                 core::Deadline deadline, std::stop_token stop,
                                                 std::size_t most_open) {
    std::vector<core::Result<facts::Http>> results;
    results.reserve(requests.size());
    // Declared before the transfers, so that every handle is gone before the multi handle is.
    const std::unique_ptr<CURLM, FreeMulti> multi{init_curl() ? curl_multi_init() : nullptr};
    if (!multi) {
        auto error = shortage_error(core::Phase::request);
        error.what = "preparing the requests";
        results.assign(requests.size(), std::unexpected(std::move(error)));
        return results;
    }
    const Batch batch{requests, deadline, std::move(stop), std::max<std::size_t>(most_open, 1)};
    Transfers transfers;
    transfers.reserve(requests.size());
    run(multi.get(), transfers, batch);
    for (const auto& transfer : transfers)
        results.push_back(transfer->take_result());
    for (const auto& request : requests.subspan(transfers.size()))
        results.push_back(left_out(request, batch.stop));
    return results;
}

core::Result<facts::Http> fetch(const HttpRequest& request, core::Deadline deadline,
                                std::stop_token stop) {
    return std::move(fetch_all({&request, 1}, deadline, std::move(stop)).front());
}

} // namespace net
