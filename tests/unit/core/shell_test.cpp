// SPDX-License-Identifier: MIT
#include "core/shell.hpp"
#include "support/catch.hpp"

namespace core_shell_test {
namespace {

TEST_CASE("a name that a shell would take apart is put in quotes") {
    CHECK(core::shell_word("gan-service") == "gan-service");
    CHECK(core::shell_word("/var/log/access.log") == "/var/log/access.log");
    CHECK(core::shell_word("") == "''");
    CHECK(core::shell_word("access.log*") == "'access.log*'");
    CHECK(core::shell_word("x; rm -rf ~") == "'x; rm -rf ~'");
    CHECK(core::shell_word("it's $(id)") == R"('it'\''s $(id)')");
}

} // namespace
} // namespace core_shell_test
