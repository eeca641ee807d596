// SPDX-License-Identifier: MIT
#include "report/render.hpp"
#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace report_write_file_test {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, removed at the end.
class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "gallery-ops-write-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        m_path = name;
    }

    ~Folder() { fs::remove_all(m_path); }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] fs::path operator/(const char* name) const { return m_path / name; }

    [[nodiscard]] std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(m_path), fs::directory_iterator{}));
    }

  private:
    fs::path m_path;
};

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

mode_t mode_of(const fs::path& file) {
    struct stat info{};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    return info.st_mode & 07777U;
}

} // namespace

TEST_CASE("a file is created, replaced and keeps its mode; nothing else is left") {
    const Folder folder;
    const auto file = folder / "report.json";
    REQUIRE(report::write_atomically(file, "first"));
    CHECK(read(file) == "first");
    REQUIRE(::chmod(file.c_str(), 0640) == 0);
    const auto before = fs::hard_link_count(file);
    REQUIRE(report::write_atomically(file, "second, longer"));
    CHECK(read(file) == "second, longer");
    CHECK(mode_of(file) == 0640);
    CHECK(fs::hard_link_count(file) == before);
    CHECK(folder.entries() == 1);
}

TEST_CASE("a new file follows the umask") {
    const Folder folder;
    const mode_t before = ::umask(027);
    const auto written = report::write_atomically(folder / "new", "x");
    ::umask(before);
    REQUIRE(written);
    CHECK(mode_of(folder / "new") == 0640);
}

TEST_CASE("a reader that has the old file open still reads the old content") {
    const Folder folder;
    const auto file = folder / "metrics.prom";
    REQUIRE(report::write_atomically(file, std::string(100'000, 'a')));
    std::ifstream in(file);
    REQUIRE(report::write_atomically(file, std::string(100'000, 'b')));
    const std::string content{std::istreambuf_iterator<char>{in}, {}};
    CHECK(content == std::string(100'000, 'a'));
}

TEST_CASE("a symbolic link stays one") {
    const Folder folder;
    REQUIRE(report::write_atomically(folder / "real", "old"));
    fs::create_symlink(folder / "real", folder / "link");
    REQUIRE(report::write_atomically(folder / "link", "new"));
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(read(folder / "real") == "new");
}

TEST_CASE("failures are told, and leave the old file alone") {
    const Folder folder;
    const auto missing = report::write_atomically(folder / "no" / "such", "x");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == core::ErrorKind::missing);
    CHECK(missing.error().where == (folder / "no" / "such").string());

    fs::create_directory(folder / "dir");
    CHECK_FALSE(report::write_atomically(folder / "dir", "x"));

    const auto full = report::write_atomically("/dev/full", "x");
    REQUIRE_FALSE(full);
    CHECK(full.error().reason.find("space") != std::string::npos);
    CHECK(fs::is_character_file("/dev/full"));
    CHECK(report::write_atomically("/dev/null", "x"));
    CHECK(folder.entries() == 1);
}

TEST_CASE("a folder that may not be written to") {
    if (::geteuid() == 0) {
        WARN("skipped: root may write everywhere");
        return;
    }
    const Folder folder;
    fs::create_directory(folder / "closed");
    fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
    const auto written = report::write_atomically(folder / "closed" / "x", "x");
    REQUIRE_FALSE(written);
    CHECK(written.error().kind == core::ErrorKind::permission);
}

} // namespace report_write_file_test
