#include <ottla/kafka/internal/text/repetition.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

TEST_SUITE("repetition") {
  TEST_CASE("a text that was reported is not new until it is forgotten") {
    repetition told;
    CHECK(told.is_new("no answer after 1ms"));
    CHECK_FALSE(told.is_new("no answer after 2ms"));
    told.forget();
    CHECK(told.is_new("no answer after 3ms"));
  }

  TEST_CASE("two alternating failures are new once each") {
    repetition told;
    CHECK(told.is_new("a:1: refused"));
    CHECK(told.is_new("b:1: refused"));
    for (int i = 0; i < 100; ++i) {
      CHECK_FALSE(told.is_new("a:1: refused"));
      CHECK_FALSE(told.is_new("b:1: refused"));
    }
  }

  TEST_CASE("a thousand alternating failures are new once each") {
    repetition told;
    const auto text = [](int i) { return "orders/" + std::to_string(i) + ": no answer"; };
    for (int i = 0; i < 1000; ++i)
      CHECK(told.is_new(text(i)));
    int again = 0;
    for (int turn = 0; turn < 3; ++turn)
      for (int i = 0; i < 1000; ++i)
        again += told.is_new(text(i)) ? 1 : 0;
    CHECK(again == 0);
  }

  TEST_CASE("only the latest most_gists failures are remembered") {
    repetition told;
    const auto text = [](std::size_t i) { return "host" + std::to_string(i) + ": refused"; };
    std::size_t fresh = 0;
    for (std::size_t i = 0; i <= repetition::most_gists; ++i)
      fresh += told.is_new(text(i)) ? 1 : 0;
    CHECK(fresh == repetition::most_gists + 1);
    CHECK_FALSE(told.is_new(text(repetition::most_gists)));
    CHECK_FALSE(told.is_new(text(1)));
    CHECK(told.is_new(text(0)));
  }
}
