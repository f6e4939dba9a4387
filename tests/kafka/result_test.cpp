#include <ottla/kafka/result.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace ottla::kafka;

TEST_SUITE("result") {

  TEST_CASE("a result has a value or an error") {
    const result<std::string> good{std::string{"orders"}};
    REQUIRE(good);
    CHECK(*good == "orders");
    CHECK(good->size() == 6);

    const result<std::string> bad{error{.code = errc::unknown_topic, .text = "no such topic"}};
    CHECK_FALSE(bad);
    CHECK(bad.error().code == errc::unknown_topic);
    CHECK(bad.error().text == "no such topic");
  }

  TEST_CASE("a value that cannot be copied can be moved out") {
    result<std::unique_ptr<int>> made{std::make_unique<int>(7)};
    const auto value = *std::move(made);
    REQUIRE(value != nullptr);
    CHECK(*value == 7);
  }

  TEST_CASE("a result without a value has succeeded unless it has an error") {
    CHECK(result<void>{});
    const result<void> bad{error{.code = errc::closed}};
    CHECK_FALSE(bad);
    CHECK(bad.error().code == errc::closed);
  }

} // TEST_SUITE
