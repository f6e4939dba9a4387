#include <ottla/kafka/internal/text/gist.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace ottla::kafka;

namespace {

struct two_texts {
  std::string_view one;
  std::string_view other;
};

constexpr two_texts with_same_gist[] = {
  {"a:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after 0ms in "
   "state CONNECT)",
   "a:9092/1: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after 12ms in state "
   "CONNECT, 4 identical error(s) suppressed)"},
  {"1/1 brokers are down", "3/3 brokers are down"},
  {"a:1/2: 1 request(s) timed out: disconnect (after 60061ms in state UP)",
   "a:1/2: 17 request(s) timed out: disconnect (after 1ms in state UP)"},
  {"no broker of \"a:1\" answered within 5000 ms", "no broker of \"a:1\" answered within 4991 ms"},
  {"failed 4 times in a row: no database", "failed 11 times in a row: no database"},
  {"at 2026-11-26T10:00:00Z: late by 1.5 s", "at 2026-11-27T23:59:59.123Z: late by 2s"},
  {"10:00:00 no answer", "11:30:01.5 no answer"},
  {"at 0x7fff12: bad", "at 0x55ab: bad"},
  {"reset from 127.0.0.1:41234", "reset from 127.0.0.1:50001"},
  {"127.0.0.1:41234 -> a:9092 was reset", "127.0.0.1:50001 -> a:9092 was reset"},
  {"lag=12", "lag=13"},
  {"offset 7, epoch 3: gone", "offset 8, epoch 4: gone"},
};

constexpr two_texts with_different_gists[] = {
  {"a:9092/1: refused", "b:9092/1: refused"},
  {"a:9092/1: refused", "a:9093/1: refused"},
  {"10.0.0.1:9092: refused", "10.0.0.2:9092: refused"},
  {"kafka-1: refused", "kafka-2: refused"},
  {"orders/3: gone", "orders/4: gone"},
  {"orders-1: gone", "orders-2: gone"},
  {"topic2: gone", "topic3: gone"},
  {"refused", "timed out"},
};

} // namespace

TEST_SUITE("gist") {
  TEST_CASE("texts that differ only in times, counts and broker ids have the same gist") {
    for (const auto& texts : with_same_gist)
      CHECK(gist_of(texts.one) == gist_of(texts.other));
  }

  TEST_CASE("texts about different hosts, ports, topics or partitions have different gists") {
    for (const auto& texts : with_different_gists)
      CHECK(gist_of(texts.one) != gist_of(texts.other));
  }

  TEST_CASE("gist_of replaces only the parts that vary") {
    CHECK(gist_of("failed (after 12ms in state UP, 4 identical error(s) suppressed)")
          == "failed (after # in state UP)");
    CHECK(gist_of("at 2026-11-26 10:00:00,5+01:00: late by -1.5 s, 3/4") == "at #: late by #, #");
    CHECK(gist_of("since 2026-11-26, 10:00Z, 2026-11-26T10:00x")
          == "since #, #:00Z, 2026-11-26T10:00x");
    CHECK(gist_of("10:00:00. 1:00:00 0xg 0xffg a0xff") == "#. #:00:00 0xg 0xffg a0xff");
    CHECK(gist_of("from [::1]:5, from a.b-c:5x") == "from [::1]:5, from a.b-c:5x");
    CHECK(gist_of("from a.b-c:41234, a:1 -> b:2/3, b:2/bootstrap, b:2/bootstraps")
          == "from a.b-c:#, a:# -> b:2, b:2, b:2/bootstraps");
    CHECK(gist_of("1 second, 2 s; 3,5ms, 4,x 5.6.7 8min 9 h") == "# second, #; #, #,x 5.6.7 # #");
    CHECK(gist_of("") == "");
  }

  TEST_CASE("gist_of handles a text of 4 MB without a stack overflow") {
    constexpr std::size_t size = 4'000'000;
    for (const std::string unit :
         {"0", "f", "-", ".", ":", ":1", "0x", " ", " 1", "1 ", ", 1", "from ", "10:00:00", "[",
          "#", "/1", "1/", "2026-11-26T", "\xff"})
      for (const std::string begin : {"", "0x", "from ", "at ", ":", "1.", "1/", "a:1/", ", "}) {
        CAPTURE(begin);
        CAPTURE(unit);
        std::string text = begin;
        while (text.size() < size / 100)
          text += unit;
        CHECK(gist_of(text).size() <= text.size());
      }
    CHECK(gist_of("0x" + std::string(size, 'f')) == "#");
    CHECK(gist_of("from " + std::string(size, 'a') + ":1")
          == "from " + std::string(size, 'a') + ":#");
    CHECK(gist_of(std::string(size, '1')) == "#");
  }
}
