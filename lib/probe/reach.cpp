// SPDX-License-Identifier: MIT
#include "probe/reach.hpp"

#include "net/knock.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace probe {
namespace {

using facts::Container;
using facts::Reach;

/// Past the first repetition of the opening packet (RFC 6298: after one second).
constexpr std::chrono::milliseconds k_patience{1200};

/// A port on which nobody listens: a container that is on the network refuses it.
constexpr std::uint16_t k_discard = 9;

/// A container's knock, and the network by which it goes.
struct Way {
    Container* container = nullptr;
    std::string network{};
};

std::uint16_t port_of(const Container& container) {
    for (const auto& port : container.ports)
        if (port.protocol == "tcp" && port.container != 0) return port.container;
    return k_discard;
}

Reach reach_of(net::Knock knock) {
    if (knock == net::Knock::answered) return Reach::answered;
    return knock == net::Knock::silent ? Reach::silent : Reach::unknown;
}

} // namespace

void observe_reach(facts::Docker& engine, core::Deadline deadline, const std::stop_token& stop) {
    if (!engine.local) return;
    std::vector<Way> ways;
    std::vector<net::Door> doors;
    for (auto& container : engine.containers) {
        const bool known = container.reach != Reach::unknown;
        if (known || container.state != facts::ContainerState::running) continue;
        for (const auto& [network, address] : container.addresses) {
            if (address.empty()) continue;
            ways.push_back({&container, network});
            doors.push_back({address, port_of(container)});
            break; // one way is enough
        }
    }
    const auto knocks = net::knock(doors, deadline.within(k_patience), stop);
    std::map<std::string, bool> reachable; // network → whether anybody answered on it
    for (std::size_t i = 0; i < ways.size(); ++i)
        reachable[ways[i].network] |= knocks[i] == net::Knock::answered;
    for (std::size_t i = 0; i < ways.size(); ++i) {
        if (!reachable[ways[i].network]) continue;
        ways[i].container->reach = reach_of(knocks[i]);
        ways[i].container->reach_address = doors[i].address;
    }
}

} // namespace probe
