// SPDX-License-Identifier: MIT
#include "net/address.hpp"

#include "net/lookup.hpp"

#include <fmt/format.h>

namespace net {

core::Result<std::vector<Address>> resolve(const std::string& host, std::uint16_t port,
                                           core::Deadline deadline, std::stop_token stop) {
    auto ips = Lookup::start(host).wait(deadline, stop);
    if (!ips) {
        auto error = std::move(ips).error();
        error.what = "looking up the name";
        error.where = fmt::format("{}:{}", host, port);
        return std::unexpected(std::move(error));
    }
    std::vector<Address> addresses;
    for (auto& ip : *ips)
        addresses.push_back({std::move(ip), port});
    return addresses;
}

} // namespace net
