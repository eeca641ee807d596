// SPDX-License-Identifier: MIT
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/program.hpp"

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

int main(int argc, char* argv[]) {
    std::signal(SIGPIPE, SIG_IGN); // a reader that goes away is an error code of write()
    cli::guard_standard_descriptors();
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const int code = cli::run_program(arguments, cli::commands(), cli::process_surroundings());
    // A probe that was left behind may still run in a library: no destructor of a static object and
    // no exit handler may pull it from under its feet. Everything is written by now.
    std::_Exit(code);
}
