#include "text/progress_line.hpp"

#include <doctest/doctest.h>

using namespace command;
using namespace std::chrono_literals;

TEST_SUITE("command: progress_line") {
  const std::chrono::steady_clock::time_point begin{};

  TEST_CASE("shows the percentage, a bar, the records and the speed") {
    progress_line bar{"orders", begin};
    CHECK(bar.next({.done = 1, .total = 2, .records = 10, .bytes = 3'000'000}, begin + 2s)
          == "orders  50% [############            ] 10 records, 1.5 MB/s");
  }

  TEST_CASE("shows no percentage of an unknown total, and no speed in the first moment") {
    progress_line bar{"orders", begin};
    CHECK(bar.next({.records = 1, .bytes = 9}, begin) == "orders 1 records, 0.0 B/s");
  }

  TEST_CASE("a text stays for 100 ms") {
    progress_line bar{"orders", begin};
    CHECK(bar.next({}, begin));
    CHECK_FALSE(bar.next({}, begin + 99ms));
    CHECK(bar.next({}, begin + 100ms));
  }

  TEST_CASE("never shows more than 100 %") {
    progress_line bar{"orders", begin};
    CHECK(bar.next({.done = 3, .total = 2}, begin)->starts_with("orders 100% ["));
  }
}
