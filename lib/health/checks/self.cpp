// SPDX-License-Identifier: MIT
#include "health/checks/checks.hpp"
#include "health/judging.hpp"
#include "health/own_trouble.hpp"

namespace health::checks {
namespace {

std::vector<Judged> judge_self(const facts::Observations& seen, const config::Config& /*config*/,
                               const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (auto& ailment : ailments(seen)) {
        auto made = unknown(std::move(ailment.message));
        made.remediation = std::move(ailment.remediation);
        if (ailment.hidden > 0)
            made.measured = figure(static_cast<double>(ailment.hidden), "targets not seen");
        all.push_back({std::move(ailment.name), "observer", {}, {}, std::move(made)});
    }
    if (all.empty() && seen.self)
        all.push_back({"observer",
                       "observer",
                       {},
                       {},
                       ok("descriptors, threads, routes, names, space and clock are as they should "
                          "be")});
    return all;
}

} // namespace

const Check k_self{
    {.id = "health.self",
     .title = "The observer itself",
     .group = "host",
     .section = "daily/system-health-check",
     .what = "Looks at what this run itself needs: file descriptors, threads, memory, a route, a "
             "resolver, space for its outputs, and a clock that is right.",
     .why = "When the observer is in trouble, everything it can't see looks like an outage.",
     .threshold =
         "Unknown when one of them is missing; what could not be seen for it is unknown too and "
         "follows from it. The clock: a jump of more than 1 s during the run, a time before this "
         "program was built, or 5 min off what at least two web servers say.",
     .remediation = "ulimit -a; ip route; cat /etc/resolv.conf; df -h; timedatectl",
     .reference = "getrlimit(2), connect(2), getaddrinfo(3), statvfs(3), RFC 9110 section 6.6.1",
     .when_unreachable = core::Verdict::unknown},
    judge_self};

} // namespace health::checks
