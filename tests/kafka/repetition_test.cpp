#include <ottla/kafka/repetition.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

namespace {

bool same(std::string_view one, std::string_view other) {
  CAPTURE(gist_of(one));
  CAPTURE(gist_of(other));
  return gist_of(one) == gist_of(other);
}

} // namespace

TEST_SUITE("repetition") {
  TEST_CASE("texts that differ in times, counts and the ids of brokers say the same") {
    CHECK(same("a:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after "
               "0ms in state CONNECT)",
               "a:9092/1: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after 12ms in "
               "state CONNECT, 4 identical error(s) suppressed)"));
    CHECK(same("1/1 brokers are down", "3/3 brokers are down"));
    CHECK(same("a:1/2: 1 request(s) timed out: disconnect (after 60061ms in state UP)",
               "a:1/2: 17 request(s) timed out: disconnect (after 1ms in state UP)"));
    CHECK(same("no broker of \"a:1\" answered within 5000 ms",
               "no broker of \"a:1\" answered within "
               "4991 ms"));
    CHECK(same("failed 4 times in a row: no database", "failed 11 times in a row: no database"));
    CHECK(
      same("at 2026-11-26T10:00:00Z: late by 1.5 s", "at 2026-11-27T23:59:59.123Z: late by 2s"));
    CHECK(same("10:00:00 no answer", "11:30:01.5 no answer"));
    CHECK(same("at 0x7fff12: bad", "at 0x55ab: bad"));
    CHECK(same("reset from 127.0.0.1:41234", "reset from 127.0.0.1:50001"));
    CHECK(same("127.0.0.1:41234 -> a:9092 was reset", "127.0.0.1:50001 -> a:9092 was reset"));
    CHECK(same("lag=12", "lag=13"));
    CHECK(same("offset 7, epoch 3: gone", "offset 8, epoch 4: gone"));
  }

  TEST_CASE("texts about different hosts, ports, topics or partitions say different things") {
    CHECK_FALSE(same("a:9092/1: refused", "b:9092/1: refused"));
    CHECK_FALSE(same("a:9092/1: refused", "a:9093/1: refused"));
    CHECK_FALSE(same("10.0.0.1:9092: refused", "10.0.0.2:9092: refused"));
    CHECK_FALSE(same("kafka-1: refused", "kafka-2: refused"));
    CHECK_FALSE(same("orders/3: gone", "orders/4: gone"));
    CHECK_FALSE(same("orders-1: gone", "orders-2: gone"));
    CHECK_FALSE(same("topic2: gone", "topic3: gone"));
    CHECK_FALSE(same("refused", "timed out"));
  }

  TEST_CASE("what was told is not new until it is forgotten") {
    repetition told;
    CHECK(told.is_new("no answer after 1ms"));
    CHECK_FALSE(told.is_new("no answer after 2ms"));
    told.forget();
    CHECK(told.is_new("no answer after 3ms"));
  }

  TEST_CASE("failures that take turns are told once each") {
    repetition told;
    CHECK(told.is_new("a:1: refused"));
    CHECK(told.is_new("b:1: refused"));
    for (int i = 0; i < 100; ++i) {
      CHECK_FALSE(told.is_new("a:1: refused"));
      CHECK_FALSE(told.is_new("b:1: refused"));
    }
  }

  TEST_CASE("only the last ones are remembered") {
    repetition told;
    const auto text = [](int i) { return "host" + std::to_string(i) + ": refused"; };
    for (int i = 0; i < 33; ++i)
      CHECK(told.is_new(text(i)));
    CHECK_FALSE(told.is_new(text(32)));
    CHECK(told.is_new(text(0)));
  }
}
