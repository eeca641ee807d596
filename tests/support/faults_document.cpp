// SPDX-License-Identifier: MIT
#include "support/faults.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace faults {
namespace {

constexpr std::string_view k_head = R"(# Faults

What can be wrong with a server or with the observer, and what `health` has to say of it. The tables
are written from `tests/support/faults.cpp` (by `scripts/accept-goldens`), and the same data drives
the tests: `tests/conformance/faults_test.cpp` brings every row about for every protocol that it
names, side by side, and fails when the kind of error, the phase, the verdict or the words differ.

Everywhere holds:

- A probe ends by its deadline, give or take 100 ms.
- What an error says names where it happened and what to do next, and is fit for a terminal as it
  is. No secret stands in it.
- Facts are only taken from an answer that was whole. What could not be looked at is never *ok*.

## Servers

"Facts" means that the server could be observed, and the facts were judged. The last column is part
of the message or of its next step.

| fault | protocols | error | phase | verdict | says |
| --- | --- | --- | --- | --- | --- |
)";

constexpr std::string_view k_middle = R"(
How each is brought about:

)";

constexpr std::string_view k_further = R"(
Further, each with a test of its own:

- *Every position.* A proxy between the probe and a server (`tests/support/meddler.cpp`) cuts, resets,
  stalls, drips or garbles what the server says from any byte on. `tests/conformance/sweep_test.cpp`
  moves it through the whole dialogue of every protocol, `tests/integration/meddler_test.cpp`
  through that of a real Postgres and a real Redis: never facts of half an answer, always in time.
- *1 GB and endless bodies* are cut at a limit of bytes: 8 MiB for an answer, 32 MiB for the pins of
  an IPFS node. The memory stays near it.
- *Two at once, all at once, a healthy majority.* `tests/conformance/together_test.cpp`: the whole
  program looks at every fault at once, and at healthy servers beside them, which are still
  reported right, within the same deadline.
- *An Engine that restarts in the middle* is asked once more within the deadline. When that does not
  help either, the message says that the Engine restarted while we looked, and it is unknown.
- *SIGINT and SIGTERM* end a run within 200 ms with the findings so far and exit code 130.
- *Names and messages* of servers reach no output format raw.

## The observer

When the trouble is on this side, one finding `health.self.…` says so. What could not be seen because
of it is unknown and follows from that finding: one cause with its consequences, no storm of
criticals. `tests/integration/self.sh` runs the program under each of these.

| trouble | brought about by | finding | verdict | everything else |
| --- | --- | --- | --- | --- |
)";

std::string protocols_of(const Row& row) {
    std::string names;
    std::size_t count = 0;
    for (const auto protocol : k_protocols) {
        if (!row.protocols.has(protocol)) continue;
        names += (names.empty() ? "" : ", ") + std::string{name(protocol)};
        ++count;
    }
    return count == k_protocols.size() ? "all" : names;
}

/// What stands in a cell may not end it.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c == '|' ? std::string{"\\|"} : std::string{c};
    return out;
}

std::string line(const Row& row) {
    const auto fault = std::ranges::find(descriptions(), row.fault, &Description::fault);
    const auto kind = row.kind ? core::name(*row.kind) : "facts";
    return fmt::format("| {} | {} | {} | {} | {} | {} |\n", fault->name, protocols_of(row), kind,
                       core::name(row.phase), core::name(row.verdict), cell(row.says));
}

} // namespace

std::string document() {
    std::string text{k_head};
    for (const auto& row : rows())
        text += line(row);
    text += k_middle;
    for (const auto& description : descriptions())
        text += fmt::format("- *{}*: {}.\n", description.name, description.how);
    text += k_further;
    for (const auto& trouble : own_troubles())
        text += fmt::format("| {} | {} | `{}` | {} | {} |\n", trouble.name, trouble.how,
                            trouble.finding, core::name(trouble.verdict), trouble.rest);
    return text;
}

} // namespace faults
