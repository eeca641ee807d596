// SPDX-License-Identifier: MIT
#include "core/error.hpp"
#include "record/folder.hpp"
#include "support/catch.hpp"
#include "unit/config/temp_folder.hpp"
#include "unit/record/filled.hpp"

#include <functional>

namespace record_folder_test {

namespace fs = std::filesystem;

namespace {

record::Recording sample_recording() {
    return sample::filled(sample::Filler::Results::values);
}

mode_t mode_of(const fs::path& file) {
    struct stat info{};
    REQUIRE(::lstat(file.c_str(), &info) == 0);
    return info.st_mode & 07777U;
}

std::string refusal(const std::function<void()>& act) {
    try {
        act();
    } catch (const core::UsageError& error) {
        return error.what();
    } catch (const core::ConfigError& error) {
        return std::string{"78 "} + error.what();
    }
    return "none";
}

} // namespace

TEST_CASE("a recording is written whole, for its owner only, and read back as it is judged") {
    const support::TempFolder temp;
    const auto place = temp.path() / "look";
    record::NewFolder folder(place);
    CHECK_FALSE(fs::exists(place));
    const auto kept = folder.keep(sample_recording());
    REQUIRE(kept);
    CHECK(mode_of(place) == 0700);
    for (const auto& entry : fs::directory_iterator(place))
        CHECK(mode_of(entry.path()) == 0600);
    const auto loaded = record::load(place);
    CHECK(loaded.seen == kept->seen);
    CHECK(loaded.head.run.run_id == kept->head.run.run_id);
    CHECK(std::distance(fs::directory_iterator(temp.path()), fs::directory_iterator{}) == 1);
}

TEST_CASE("an empty folder, and a name with a slash at its end, may be taken") {
    const support::TempFolder temp;
    fs::create_directory(temp.path() / "empty");
    CHECK(record::NewFolder(temp.path() / "empty").keep(sample_recording()));
    CHECK(record::NewFolder(temp.path() / "slash/").keep(sample_recording()));
    CHECK(fs::exists(temp.path() / "slash/observations.json"));
}

TEST_CASE("what is there already is never touched") {
    const support::TempFolder temp;
    const auto root = temp.path().string();
    temp.write("full/file", "x");
    temp.write("file", "x");
    fs::create_symlink("nowhere", temp.path() / "link");
    const auto make = [](const std::string& place) {
        return refusal([&] { const record::NewFolder folder(place); });
    };
    CHECK(make(root + "/full")
          == "--record " + root
                 + "/full: it exists and is not empty; a recording needs a new folder");
    CHECK(make(root + "/file") == "--record " + root + "/file: it exists and is no folder");
    CHECK(make(root + "/link")
          == "--record " + root + "/link: it is a link; name a folder that does not exist");
    CHECK(make(root + "/none/look")
          == "--record " + root + "/none/look: " + root
                 + "/none can't be written to: No such file or directory");
    CHECK(make("") == "--record needs the name of a new folder");
    // A folder that was taken while the look went on stays as it is, and nothing is left beside it.
    {
        record::NewFolder late(temp.path() / "late");
        temp.write("late/file", "x");
        const auto kept = late.keep(sample_recording());
        REQUIRE_FALSE(kept);
        CHECK(kept.error().reason == "Directory not empty");
    }
    CHECK(std::distance(fs::directory_iterator(temp.path()), fs::directory_iterator{}) == 4);
    CHECK(std::distance(fs::directory_iterator(temp.path() / "late"), fs::directory_iterator{})
          == 1);
}

TEST_CASE("a folder that is no recording is refused, whatever it holds") {
    const support::TempFolder temp;
    const auto root = temp.path().string();
    const auto read = [](const std::string& place) {
        return refusal([&] { (void)record::load(place); });
    };
    CHECK(read(root + "/none") == "--replay " + root + "/none: no such folder");
    temp.write("file", "x");
    CHECK(read(root + "/file")
          == "--replay " + root + "/file: it is no folder; name the one that --record made");
    const std::string has = "; a recording has recording.json, config.json and observations.json";
    fs::create_directory(temp.path() / "empty");
    CHECK(read(root + "/empty")
          == "78 " + root + "/empty/recording.json: No such file or directory" + has);
    temp.write("piped/recording.json", "{}");
    REQUIRE(::mkfifo((root + "/piped/config.json").c_str(), 0600) == 0);
    CHECK(read(root + "/piped") == "78 " + root + "/piped/config.json: no regular file" + has);
    temp.write("odd/recording.json", "{}");
    temp.write("odd/config.json", "{}");
    temp.write("odd/observations.json", "{}");
    CHECK(read(root + "/odd")
          == "78 recording.json: schema: missing; this is no recording (gallery-ops/recording/1)");
}

} // namespace record_folder_test
