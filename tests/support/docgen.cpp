// SPDX-License-Identifier: MIT
#include "support/documents.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

// docgen          lists the generated documents
// docgen PATH     prints one of them: docgen man/gallery-ops.1
// docgen --write DIR   writes all of them below DIR

int main(int argc, char* argv[]) {
    namespace fs = std::filesystem;
    const std::string what = argc > 1 ? argv[1] : "";
    const bool write = what == "--write" && argc > 2;
    bool found = what.empty() || write;
    for (const auto& document : support::documents()) {
        if (what.empty()) {
            std::puts(document.path.c_str());
        } else if (write) {
            const auto file = fs::path{argv[2]} / document.path;
            fs::create_directories(file.parent_path());
            std::ofstream(file) << document.text;
        } else if (document.path == what) {
            found = true;
            std::fputs(document.text.c_str(), stdout);
        }
    }
    if (!found) std::fprintf(stderr, "docgen: no document '%s'\n", what.c_str());
    return found ? 0 : 1;
}
