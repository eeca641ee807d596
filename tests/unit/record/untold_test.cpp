// SPDX-License-Identifier: MIT
#include "record/codec.hpp"
#include "support/catch.hpp"
#include "unit/record/filled.hpp"

#include <optional>

namespace record_untold_test {

TEST_CASE("what a Redis did not tell stays untold in a recording") {
    for (const std::optional<bool> told : {std::optional{true}, std::optional{false}, {}}) {
        auto recording = sample::filled(sample::Filler::Results::values);
        REQUIRE(recording.seen.redis[0].result);
        recording.seen.redis[0].result->rdb_enabled = told;
        const auto again = record::decode(record::encode(recording));
        REQUIRE(again.seen.redis[0].result);
        CHECK(again.seen.redis[0].result->rdb_enabled == told);
    }
}

} // namespace record_untold_test
