#include "text/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace command;

TEST_SUITE("command: utf8") {
  TEST_CASE("sequences of one to four bytes are valid") {
    CHECK(is_utf8(""));
    CHECK(is_utf8(std::string(1, '\0')));
    CHECK(is_utf8("a\u00e4\u20ac\U0001f600"));
    CHECK(is_utf8("\xf4\x8f\xbf\xbf"));
  }

  TEST_CASE("overlong forms, surrogates, cut sequences and large numbers are invalid") {
    for (const auto* bytes :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82", "\xe2\x28\xa1", "a\xc3"})
      CHECK_FALSE(is_utf8(bytes));
  }

  TEST_CASE("control characters and invalid bytes are escaped for a terminal") {
    CHECK(printable("or\x1b[31mders") == "or\\x1b[31mders");
    CHECK(printable("a\nb\x7f") == "a\\x0ab\\x7f");
    CHECK(printable("\xc2\x9b") == "\\xc2\\x9b"); // the control character CSI
    CHECK(printable("\xff\u00e4") == "\\xff\u00e4");
  }

  TEST_CASE("the width is the number of code points") {
    CHECK(width_of("a\u00e4\u20ac") == 3);
  }

  TEST_CASE("a text is cut between code points") {
    CHECK(cut_to_width("orders", 4) == "orde");
    CHECK(cut_to_width("orders", 6) == "orders");
    CHECK(cut_to_width("orders", 0).empty());
    CHECK(cut_to_width("b\u00fccher", 2) == "b\u00fc");
    CHECK(cut_to_width("b\u00fc", 2) == "b\u00fc");
  }
}
