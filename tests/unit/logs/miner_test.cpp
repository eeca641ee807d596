// SPDX-License-Identifier: MIT
#include "logs/miner.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace logs_miner_test {
namespace {

logs::Event event(const std::string& message) {
    logs::Event made;
    made.message = message;
    return made;
}

std::vector<std::string> texts(const logs::Mined& mined) {
    std::vector<std::string> all;
    for (const auto& one : mined.templates)
        all.push_back(one.text);
    return all;
}

} // namespace

TEST_CASE("messages that differ in values are one template, counted") {
    logs::Miner miner;
    for (int i = 0; i < 7; ++i)
        miner.add(event(fmt::format("job {} took {} ms", i, i * 10)), 0);
    miner.add(event("all done"), 0);
    const auto mined = miner.finish();
    CHECK(texts(mined) == std::vector<std::string>{"job <num> took <duration>", "all done"});
    CHECK(mined.templates[0].seen.count == 7);
    CHECK(mined.templates[0].example == "job 0 took 0 ms");
}

TEST_CASE("one word that differs becomes a parameter from three words on, never the first") {
    const std::string colours[] = {"red", "green", "blue"};
    logs::Miner few;
    few.add(event("the sky is red"), 0);
    few.add(event("the sky is green"), 0);
    CHECK(few.finish().templates.size() == 2);

    logs::Miner enough;
    for (const auto& colour : colours)
        enough.add(event("the sky is " + colour), 0);
    CHECK(texts(enough.finish()) == std::vector<std::string>{"the sky is <*>"});

    logs::Miner first;
    for (const auto& colour : colours)
        first.add(event(colour + " is the sky"), 0);
    CHECK(first.finish().templates.size() == 3);

    logs::Miner capitals;
    for (const std::string method : {"GET", "POST", "PUT", "HEAD"})
        capitals.add(event("request by " + method), 0);
    CHECK(capitals.finish().templates.size() == 4);

    logs::Miner verbs;
    for (const std::string done : {"started", "stopped", "paused", "resumed"})
        verbs.add(event("machine was " + done), 0);
    CHECK(verbs.finish().templates.size() == 4);
}

TEST_CASE("numbers that were given out lead to the templates") {
    logs::Miner miner{logs::Numbers::keep};
    std::vector<std::uint32_t> numbers;
    for (const std::string name : {"ann", "bob", "cid", "dora"})
        numbers.push_back(miner.add(event("hello " + name), 0).number);
    const auto other = miner.add(event("something else"), 0).number;
    const auto mined = miner.finish();
    for (const auto number : numbers)
        CHECK(mined.templates.at(mined.template_of.at(number)).text == "hello <*>");
    CHECK(mined.templates.at(mined.template_of.at(other)).text == "something else");
}

TEST_CASE("ids are those of the text, whatever comes before") {
    logs::Miner one;
    one.add(event("disk is full"), 0);
    logs::Miner two;
    two.add(event("something else"), 0);
    two.add(event("disk is full"), 0);
    const auto second = two.finish();
    const auto found = std::ranges::find(second.templates, "disk is full", &logs::Template::text);
    REQUIRE(found != second.templates.end());
    CHECK(one.finish().templates.at(0).id == found->id);
}

TEST_CASE("memory is bounded whatever comes in, and nothing is lost") {
    // Words of letters alone, so that no mask takes them.
    const auto word = [](unsigned number) {
        std::string text;
        for (; number > 0; number /= 26)
            text += static_cast<char>('a' + number % 26);
        return text + "x";
    };
    constexpr std::size_t k_room = 200;
    for (const auto numbers : {logs::Numbers::forget, logs::Numbers::keep}) {
        logs::Miner miner{numbers, k_room};
        constexpr unsigned k_messages = 20'000;
        for (unsigned i = 0; i < k_messages; ++i) {
            miner.add(event(word(i * 2654435761U) + " " + word(i) + " " + word(i * 40503U)), 0);
            if (i % 4 == 0) miner.add(event("a frequent message"), 0);
        }
        const auto mined = miner.finish();
        CHECK(mined.templates.size() <= k_room + 1);
        CHECK(mined.templates.at(0).text == "a frequent message");
        CHECK(mined.templates.at(0).seen.count == k_messages / 4);
        std::int64_t total = mined.other.count;
        for (const auto& one : mined.templates)
            total += one.seen.count;
        CHECK(total == k_messages + k_messages / 4);
        CHECK(mined.other.count > 0);
    }
}

TEST_CASE("a template that was merged takes further words at once") {
    logs::Miner miner{logs::Numbers::forget, 8};
    for (const std::string name :
         {"ann", "bob", "cid", "dora", "eve", "finn", "gus", "hal", "ida", "joe"})
        miner.add(event("hello " + name), 0);
    const auto mined = miner.finish();
    REQUIRE(mined.templates.size() == 1);
    CHECK(mined.templates[0].seen.count == 10);
    CHECK(mined.other.count == 0);
}

TEST_CASE("where and when is kept, through merging") {
    using namespace std::chrono_literals;
    const core::Time noon{1'000'000s};
    logs::Miner miner;
    int i = 0;
    for (const std::string name : {"ann", "bob", "cid"}) {
        const auto text = "hello " + name;
        auto one = event(text);
        one.time = noon + 1min * i;
        one.level = i == 1 ? logs::Level::error : logs::Level::info;
        miner.add(one, static_cast<logs::Stream>(i % 2));
        ++i;
    }
    const auto mined = miner.finish();
    const auto& seen = mined.templates.at(0).seen;
    CHECK(seen.first == noon);
    CHECK(seen.last == noon + 2min);
    CHECK(seen.worst == logs::Level::error);
    CHECK(seen.streams == std::vector<std::pair<logs::Stream, std::int64_t>>{{0, 2}, {1, 1}});
}

} // namespace logs_miner_test
