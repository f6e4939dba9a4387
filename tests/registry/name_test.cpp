#include <ottla/registry/name.hpp>

#include <doctest/doctest.h>

#include <stdexcept>

using namespace ottla;

TEST_SUITE("name") {
  TEST_CASE("name_of joins its parts with '/'") {
    CHECK(name_of("worker") == "worker");
    CHECK(name_of("worker", std::string{"orders"}, 3) == "worker/orders/3");
    CHECK(below("worker", "orders") == "worker/orders/");
  }

  TEST_CASE("name_of rejects an empty part and a part with '/', and quotes the part") {
    CHECK_THROWS_WITH_AS(name_of("worker", ""),
                         "a part of a name must not be empty, got \"\" after \"worker\"",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(name_of("worker", "a/b"),
                         "a part of a name must not contain '/', got \"a/b\"",
                         std::invalid_argument);
  }

  TEST_CASE("check_name rejects an invalid name and quotes it") {
    CHECK_THROWS_WITH(check_name(""), "a name must not be empty, got \"\"");
    CHECK_THROWS_WITH(check_name("two\nlines"),
                      "a name must not contain control characters, got \"two\\nlines\"");
    const auto too_long
      = "a name must have at most 300 bytes, got 301: \"" + std::string(32, 'n') + "…\"";
    CHECK_THROWS_WITH(check_name(std::string(301, 'n')), too_long.c_str());
    CHECK_NOTHROW(check_name(std::string(300, 'n')));
    CHECK_NOTHROW(check_name("grüße/3"));
  }
}
