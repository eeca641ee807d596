// SPDX-License-Identifier: MIT
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/program.hpp"

#include <csignal>
#include <string>
#include <vector>

int main(int argc, char* argv[]) {
    std::signal(SIGPIPE, SIG_IGN); // a reader that goes away is an error code of write()
    cli::guard_standard_descriptors();
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return cli::run_program(arguments, cli::commands(), cli::process_surroundings());
}
