#include <ottla/actors/check_name.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace ottla;

namespace {

/// Returns an empty text if the name is accepted.
std::string fault_of(const std::string& name) {
  try {
    check_name(name);
    return {};
  } catch (const std::invalid_argument& fault) {
    return fault.what();
  }
}

} // namespace

TEST_SUITE("check_name") {
  TEST_CASE("a name has 1 to 300 bytes") {
    CHECK(fault_of("a") == "");
    CHECK(fault_of(std::string(longest_name, 'x')) == "");
    CHECK(fault_of("") != "");
    CHECK(fault_of(std::string(longest_name + 1, 'x')) != "");
  }

  TEST_CASE("a name may have blanks, slashes, and letters of any language") {
    CHECK(fault_of("orders/3 é \xff") == "");
  }

  TEST_CASE("a name with a control character is rejected, wherever the character is") {
    for (const std::string name : {"\n", "a\n", "\x1b[31m", "a\x7f", "a\tb"}) {
      CHECK(has_control_characters(name));
      CHECK(fault_of(name) != "");
    }
    CHECK(has_control_characters(std::string{"a\0b", 3}));
    CHECK_FALSE(has_control_characters(" ~\x80\xff"));
    CHECK_FALSE(has_control_characters(""));
  }

  TEST_CASE(
    "the error text for an invalid name has no control characters and truncates a long name") {
    CHECK_FALSE(has_control_characters(fault_of("a\nb\x1b")));
    const auto fault = fault_of(std::string(1'000'000, 'x'));
    CHECK(fault.find("got 1000000") != std::string::npos);
    CHECK(fault.size() < 200);
  }
}
