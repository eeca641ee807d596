// SPDX-License-Identifier: MIT
#include "probe/log_file.hpp"
#include "probe/unpack.hpp"
#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <vector>
#include <zlib.h>
#include <zstd.h>

namespace probe_log_file_test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "gallery-ops-logs.XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        m_path = name;
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    Folder(Folder&&) = delete;
    Folder& operator=(Folder&&) = delete;

    ~Folder() { fs::remove_all(m_path); }

    [[nodiscard]] fs::path file(const std::string& name, const std::string& content) const {
        std::ofstream{m_path / name, std::ios::binary} << content;
        return m_path / name;
    }

    [[nodiscard]] const fs::path& path() const { return m_path; }

  private:
    fs::path m_path;
};

std::string gzip(const std::string& text) {
    z_stream stream{};
    REQUIRE(::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(::deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); // NOLINT
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data()); // NOLINT
    stream.avail_out = static_cast<uInt>(packed.size());
    REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    ::deflateEnd(&stream);
    return packed;
}

std::string zstd(const std::string& text) {
    std::string packed(::ZSTD_compressBound(text.size()), '\0');
    packed.resize(::ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
    return packed;
}

struct Read {
    std::string text{};
    std::string problem{};
};

Read read(const probe::LogPart& part) {
    Read made;
    const auto result = probe::read_log(part, [&](std::string_view bytes) { made.text += bytes; },
                                        core::Deadline::after(5s), {});
    if (!result) made.problem = core::describe(result.error());
    return made;
}

Read read(const fs::path& path) {
    return read(probe::LogPart{path, 0, 0});
}

std::string numbers() {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += std::to_string(i * 7919) + "\n";
    return text;
}

} // namespace

TEST_CASE("a log is read the same, plain and packed, told by its bytes and not its name") {
    const Folder folder;
    const auto text = numbers();
    CHECK(read(folder.file("plain.gz", text)).text == text);
    CHECK(read(folder.file("a.log", gzip(text))).text == text);
    CHECK(read(folder.file("b.log", zstd(text))).text == text);
    CHECK(read(folder.file("two.gz", gzip("one\n") + gzip("two\n"))).text == "one\ntwo\n");
    CHECK(read(folder.file("padded.gz", gzip("one\n") + std::string(512, '\0'))).text == "one\n");
    CHECK(read(folder.file("two.zst", zstd("one\n") + zstd("two\n"))).text == "one\ntwo\n");
    CHECK(read(folder.file("empty", "")).text.empty());
    CHECK(read(folder.file("empty", "")).problem.empty());
    CHECK(read(folder.file("one", "x")).text == "x");
}

TEST_CASE("of a packed log that is cut off or damaged what can be had is read, and the rest told") {
    const Folder folder;
    const auto text = numbers();
    for (const auto& packed : {gzip(text), zstd(text)}) {
        const auto half = read(folder.file("half", packed.substr(0, packed.size() / 2)));
        CHECK(text.starts_with(half.text));
        CHECK(half.problem.find("ends in the middle") != std::string::npos);
        auto torn = packed;
        for (std::size_t i = torn.size() / 2; i < torn.size() / 2 + 64; ++i)
            torn[i] = static_cast<char>(~torn[i]);
        CHECK_FALSE(read(folder.file("torn", torn)).problem.empty());
    }
}

TEST_CASE("packed bytes become the same text however they come in") {
    for (const auto& packed :
         {gzip("hello\nworld\n"), zstd("hello\nworld\n"), std::string{"hello\nworld\n"}}) {
        for (std::size_t cut = 0; cut <= packed.size(); ++cut) {
            std::string text;
            probe::Unpacker unpacker{[&](std::string_view bytes) { text += bytes; }};
            unpacker.push(std::string_view{packed}.substr(0, cut));
            unpacker.push(std::string_view{packed}.substr(cut));
            CHECK(unpacker.end().empty());
            CHECK(text == "hello\nworld\n");
        }
    }
}

TEST_CASE("what is no readable file is told with the reason") {
    const Folder folder;
    CHECK(read(folder.path() / "nothing").problem.find("No such file") != std::string::npos);
    CHECK(read(folder.path()).problem.find("it is a folder") != std::string::npos);
    const auto pipe = folder.path() / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    // Nobody writes to it: it ends at once, and does not hang.
    const auto began = std::chrono::steady_clock::now();
    CHECK(read(pipe).text.empty());
    CHECK(std::chrono::steady_clock::now() - began < 5s);
}

TEST_CASE("rotated files are one log, oldest first") {
    const Folder folder;
    for (const std::string name :
         {"access.log", "access.log.1", "access.log.2.gz", "access.log.10.gz", "error.log",
          "app-20260101.log", "job.log-20260102", "job.log-20260101.zst", "job.log"})
        CHECK(fs::exists(folder.file(name, "x")));
    const auto found = probe::find_logs({(folder.path() / "*").string()});
    REQUIRE(found);
    const auto names = [&](const std::string& base) {
        std::vector<std::string> all;
        for (const auto& set : *found)
            if (set.name == folder.path() / base)
                for (const auto& file : set.files)
                    all.push_back(file.filename());
        return all;
    };
    CHECK(names("access.log")
          == std::vector<std::string>{"access.log.10.gz", "access.log.2.gz", "access.log.1",
                                      "access.log"});
    CHECK(names("job.log")
          == std::vector<std::string>{"job.log-20260101.zst", "job.log-20260102", "job.log"});
    CHECK(names("error.log") == std::vector<std::string>{"error.log"});
    CHECK(names("app-20260101.log") == std::vector<std::string>{"app-20260101.log"});
    CHECK_FALSE(probe::find_logs({(folder.path() / "*.nothing").string()}));
    CHECK(probe::find_logs({"-"})->at(0).name == "-");
}

TEST_CASE("the parts of a file hold each line once, wherever they are cut") {
    const Folder folder;
    const std::string text = "one\n\ntwo and more\nthree\n" + std::string(40, 'x') + "\nlast";
    const auto file = folder.file("plain", text);
    for (std::uint64_t size = 1; size <= text.size(); ++size) {
        std::string joined;
        std::size_t ends = 0;
        for (const auto& part : probe::parts_of(file, size)) {
            const auto mine = read(part).text;
            joined += mine;
            if (!mine.empty() && mine.back() != '\n') ++ends;
        }
        CHECK(joined == text);
        CHECK(ends == 1); // only the last line has no end
    }
    CHECK(probe::parts_of(file).size() == 1);
    CHECK(probe::parts_of(folder.file("packed", gzip(numbers())), 1000).size() == 1);
    CHECK(probe::parts_of(folder.path() / "nothing", 1).size() == 1);
    CHECK(probe::parts_of("-", 1).size() == 1);
}

} // namespace probe_log_file_test
