// SPDX-License-Identifier: MIT
#pragma once

#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/surroundings.hpp"
#include "support/catch.hpp"

#include <array>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

/// The whole program in this process.
namespace golden {

struct Outcome {
    int code = 0;
    std::string out{};
};

inline std::string contents(int descriptor) {
    std::string text;
    std::array<char, 65536> part{};
    ::lseek(descriptor, 0, SEEK_SET);
    for (;;) {
        const auto size = ::read(descriptor, part.data(), part.size());
        if (size <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(size));
    }
}

/// Runs it with these words and none of the environment but a UTF-8 locale; its standard error goes
/// to `err`.
inline Outcome run_program(const std::vector<std::string>& words, int err = STDERR_FILENO) {
    const int out = ::memfd_create("out", MFD_CLOEXEC);
    REQUIRE(out >= 0);
    cli::Surroundings around;
    around.env = [](const std::string& name) -> std::optional<std::string> {
        return name == "LANG" ? std::optional<std::string>{"C.UTF-8"} : std::nullopt;
    };
    around.out = out;
    around.err = err;
    const int code = cli::run_program(words, cli::commands(), around);
    Outcome outcome{code, contents(out)};
    ::close(out);
    return outcome;
}

} // namespace golden
