#include "text/base64.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace command;

TEST_SUITE("command: base64") {
  TEST_CASE("the examples of RFC 4648") {
    for (const auto& [bytes, text] : {std::pair{"", ""},
                                      {"f", "Zg=="},
                                      {"fo", "Zm8="},
                                      {"foo", "Zm9v"},
                                      {"foob", "Zm9vYg=="},
                                      {"fooba", "Zm9vYmE="},
                                      {"foobar", "Zm9vYmFy"}}) {
      CHECK(to_base64(bytes) == text);
      CHECK(from_base64(text) == std::string{bytes});
    }
  }

  TEST_CASE("all bytes survive") {
    std::string all;
    for (int each = 0; each < 256; ++each)
      all += static_cast<char>(each);
    CHECK(from_base64(to_base64(all)) == all);
  }

  TEST_CASE("any text that to_base64 does not write is rejected") {
    for (const auto* text :
         {"Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "====", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "_-__"})
      CHECK_MESSAGE(!from_base64(text), text);
  }
}
