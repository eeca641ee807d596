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

void run(CURLM* multi, const Transfers& transfers, core::Deadline deadline,
         const std::stop_token& stop) {
    const auto began = std::chrono::steady_clock::now();
    while (true) {
        start_ready(multi, transfers, deadline, stop);
        int running = 0;
        curl_multi_perform(multi, &running);
        collect_finished(multi, transfers);
        const bool done =
            std::ranges::all_of(transfers, [](const auto& each) { return each->finished(); });
        if (done) return;
        if (stop.stop_requested() || deadline.passed()) break;
        const auto span = nap(transfers,
                              std::chrono::duration_cast<std::chrono::milliseconds>(
                                  std::chrono::steady_clock::now() - began),
                              deadline);
        curl_multi_poll(multi, nullptr, 0, static_cast<int>(span.count()), nullptr);
    }
    const auto why = stop.stop_requested() ? core::ErrorKind::cancelled : core::ErrorKind::timeout;
    for (const auto& transfer : transfers) {
        if (!transfer->finished()) transfer->give_up(multi, why);
    }
}

} // namespace

std::vector<core::Result<facts::Http>> fetch_all(std::span<const HttpRequest> requests,
                                                 core::Deadline deadline, std::stop_token stop) {
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
    Transfers transfers;
    for (const auto& request : requests)
        transfers.push_back(std::make_unique<Transfer>(request, deadline));
    run(multi.get(), transfers, deadline, stop);
    for (const auto& transfer : transfers)
        results.push_back(transfer->take_result());
    return results;
}

core::Result<facts::Http> fetch(const HttpRequest& request, core::Deadline deadline,
                                std::stop_token stop) {
    return std::move(fetch_all({&request, 1}, deadline, std::move(stop)).front());
}

} // namespace net
