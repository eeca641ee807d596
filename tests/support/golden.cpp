// SPDX-License-Identifier: MIT
#include "support/golden.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace support {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

bool accepting() {
    const char* value = std::getenv("GALLERY_OPS_ACCEPT"); // NOLINT(concurrency-mt-unsafe)
    return value != nullptr && std::string{value} == "1";
}

std::string first_difference(const std::string& expected, const std::string& actual) {
    std::istringstream left(expected);
    std::istringstream right(actual);
    for (int number = 1;; ++number) {
        std::string a;
        std::string b;
        const bool has_a = static_cast<bool>(std::getline(left, a));
        const bool has_b = static_cast<bool>(std::getline(right, b));
        if (!has_a && !has_b) return "they differ in the last line's end";
        if (has_a != has_b || a != b) {
            return "line " + std::to_string(number) + "\n  expected: " + (has_a ? a : "(end)")
                   + "\n  actual:   " + (has_b ? b : "(end)");
        }
    }
}

} // namespace

std::string compare_checked_in(const std::string& path, const std::string& actual) {
    const auto file = fs::path{GALLERY_OPS_TEST_DIR}.parent_path() / path;
    if (accepting()) {
        write(file, actual);
        return {};
    }
    const auto expected = read(file);
    if (expected && *expected == actual) return {};
    const auto saved = fs::temp_directory_path() / "gallery-ops-golden" / file.filename();
    write(saved, actual);
    const std::string how = "\n  saved: " + saved.string() + "; scripts/accept-goldens renews it";
    if (!expected) return path + " is missing" + how;
    return path + ": " + first_difference(*expected, actual) + how;
}

std::string compare_golden(const std::string& name, const std::string& actual) {
    return compare_checked_in("tests/golden/" + name, actual);
}

} // namespace support
