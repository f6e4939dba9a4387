#include <ottla/kafka/internal/text/lower_case.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

TEST_SUITE("lower_case") {
  TEST_CASE("in_lower_case() changes the capitals of ASCII and no other character") {
    CHECK(in_lower_case("Read_UNCOMMITTED 42") == "read_uncommitted 42");
    CHECK(in_lower_case("AZaz@[`{") == "azaz@[`{");
    CHECK(in_lower_case("ÀÉ\xc9") == "ÀÉ\xc9");
    CHECK(in_lower_case("") == "");
  }

  TEST_CASE("in_lower_case() keeps NUL bytes and the text after them") {
    CHECK(in_lower_case(std::string{"A\0B", 3}) == std::string{"a\0b", 3});
  }
}
