// SPDX-License-Identifier: MIT
#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>

#include <string>

namespace health::checks {
namespace {

using config::Config;
using core::Judgement;
using facts::Ethereum;

Judgement judge_ethereum(const Ethereum& node, const Config& config, core::Time /*now*/) {
    const auto wanted = config.ethereum ? config.ethereum->chain_id : std::nullopt;
    if (wanted && *wanted != node.chain_id) {
        auto made = critical(
            fmt::format("chain {}; the configuration expects chain {}", node.chain_id, *wanted));
        made.failure = core::Failure::broken;
        made.measured = core::Measured{.value = static_cast<std::int64_t>(node.chain_id),
                                       .unit = "chain id",
                                       .expected = std::to_string(*wanted)};
        return made;
    }
    return ok(fmt::format("chain {}, {}", node.chain_id, node.client),
              fmt::format("chain {}", node.chain_id));
}

/// Says that the sync state is not told, and why; empty where it is.
std::string untold(const Ethereum& node) {
    return node.syncing_problem.empty()
               ? std::string{}
               : fmt::format(", sync state not told: {}", node.syncing_problem);
}

Judgement judge_head(const Ethereum& node, const Config& config, core::Time now) {
    if (node.syncing)
        return warning(fmt::format("still syncing: block {} of {}", node.current_block,
                                   node.highest_block ? std::to_string(*node.highest_block)
                                                      : "a number that it does not tell"));
    const auto limit = config.thresholds.head_age;
    const auto age = now - node.head_time;
    using std::chrono::microseconds;
    // A head from the future is a clock that is wrong, here or there: a few seconds are ordinary.
    if (age < -std::chrono::seconds{30})
        return warning(
            fmt::format("head block {} is {} in the future: a clock is wrong", node.current_block,
                        core::format_duration(std::chrono::duration_cast<microseconds>(-age))));
    const auto shown = std::max(std::chrono::duration_cast<microseconds>(age), microseconds{0});
    const auto text = core::format_duration(shown);
    // A young head is that of a node in step, whatever it says of its syncing.
    const auto message = fmt::format("head block {} is {} old (limit {}){}", node.current_block,
                                     text, core::format_duration(limit), untold(node));
    auto made = age >= limit ? warning(message) : ok(message, fmt::format("head {} old", text));
    made.measured = figure(static_cast<double>(shown.count()) / 1e6, "s");
    made.measured->warn = static_cast<double>(limit.count()) / 1e3;
    return made;
}

Judgement judge_gas(const Ethereum& node, const Config& config, core::Time /*now*/) {
    if (!node.gas_price_gwei) return skipped("the node names no gas price");
    const auto price = core::format_number(*node.gas_price_gwei, 2);
    const auto limit = config.thresholds.gas_price_gwei;
    const auto message = fmt::format("gas {} gwei (limit {})", price, core::format_number(limit));
    auto made = *node.gas_price_gwei >= limit ? warning(message)
                                              : ok(message, fmt::format("gas {} gwei", price));
    made.measured = figure(*node.gas_price_gwei, "gwei");
    made.measured->warn = limit;
    return made;
}

std::vector<Judged> judge_contracts(const facts::Observations& seen, const Config& /*config*/,
                                    const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (const auto& node : seen.ethereum) {
        if (!node.result) continue;
        for (const auto& contract : node.result->contracts) {
            auto made = contract.code_bytes == 0
                            ? critical(fmt::format("no code at {}", contract.address))
                            : ok(fmt::format("{} bytes of code at {}", contract.code_bytes,
                                             contract.address));
            made.measured = figure(static_cast<double>(contract.code_bytes), "bytes");
            all.push_back(
                {contract.name, node.service, contract.address, node.duration, std::move(made)});
        }
    }
    return all;
}

} // namespace

const Check k_ethereum{
    {.id = "health.ethereum",
     .title = "Ethereum node",
     .group = "ethereum",
     .section = "daily/system-health-check",
     .what = "Asks the node for its client and chain id over JSON-RPC.",
     .why = "Without the node nothing can be minted; on the wrong chain mints are lost.",
     .threshold = "Critical when it can't be reached or is on another chain than configured.",
     .setting = "ethereum.rpc, ethereum.chain_id",
     .remediation = "docker-compose logs --tail=50 ethereum; try another RPC provider",
     .reference = "Ethereum JSON-RPC specification, eth_chainId"},
    each<&facts::Observations::ethereum, judge_ethereum>};

const Check k_ethereum_head{
    {.id = "health.ethereum-head",
     .title = "Ethereum head",
     .group = "ethereum",
     .section = "daily/system-health-check",
     .what = "Takes the age of the newest block, and whether the node is still syncing.",
     .why = "A node that stands still answers every question with old facts.",
     .threshold = "Warning from 2 min, or while syncing.",
     .setting = "thresholds.head_age",
     .remediation = "compare with a block explorer; restart the node when it alone stands still",
     .reference = "Ethereum JSON-RPC specification, eth_getBlockByNumber and eth_syncing",
     .by_clock = true},
    each_observed<&facts::Observations::ethereum, judge_head>};

const Check k_ethereum_gas{
    {.id = "health.ethereum-gas",
     .title = "Gas price",
     .group = "ethereum",
     .section = "monthly/smart-contract-maintenance",
     .what = "Asks for the gas price.",
     .why = "At a high price every mint costs the gallery or its visitor more than planned.",
     .threshold = "Warning from 200 gwei.",
     .setting = "thresholds.gas_price_gwei",
     .remediation = "put off what can wait; tell the visitors",
     .reference = "Ethereum JSON-RPC specification, eth_gasPrice"},
    each_observed<&facts::Observations::ethereum, judge_gas>};

const Check k_ethereum_contract{
    {.id = "health.contract",
     .title = "Contract code",
     .group = "ethereum",
     .section = "monthly/smart-contract-maintenance",
     .what = "Asks for the code at the address of each configured contract.",
     .why = "An address without code is a wrong chain, a wrong address, or a contract that "
            "destroyed itself.",
     .threshold = "Critical when there is no code.",
     .setting = "ethereum.contracts",
     .remediation = "compare the address with the deployment's record",
     .reference = "Ethereum JSON-RPC specification, eth_getCode"},
    judge_contracts};

} // namespace health::checks
