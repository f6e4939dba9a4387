#include <ottla/kafka/internal/settings/name_limits.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

TEST_SUITE("name_limits") {
  TEST_CASE("an error text shows up to 300 bytes of a name, and marks a longer name as cut") {
    const std::string longest(300, 'x');
    CHECK(shown("orders") == "orders");
    CHECK(shown(longest) == longest);
    CHECK(shown(longest + "y") == longest + "…");
  }

  TEST_CASE("a shown name stays on one line, and the limit counts the bytes of the name itself") {
    CHECK(shown("a\nb") == "a\\nb");
    std::string escaped;
    for (int count = 0; count < 300; ++count)
      escaped += "\\n";
    CHECK(shown(std::string(300, '\n')) == escaped);
    CHECK(shown(std::string(301, '\n')) == escaped + "…");
  }
}
