#include <ottla/supervision/internal/unfinished_work.hpp>

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace ottla;

TEST_SUITE("unfinished_work") {
  TEST_CASE(
    "lines() returns one line of path and text for each call of add(), in the order of the calls") {
    unfinished_work work;
    CHECK(work.lines().empty());
    work.add("orders/producing", "4 of 10 records were not confirmed");
    work.add("orders/db", "crashed: disk full");
    work.add("orders/db", "crashed: disk full");
    CHECK(work.lines()
          == std::vector<std::string>{"orders/producing: 4 of 10 records were not confirmed",
                                      "orders/db: crashed: disk full",
                                      "orders/db: crashed: disk full"});
  }

  TEST_CASE("no addition of concurrent threads is lost") {
    constexpr std::size_t additions = 500;
    unfinished_work work;
    std::vector<std::thread> threads;
    for (int number = 0; number < 3; ++number)
      threads.emplace_back([&] {
        for (std::size_t count = 0; count < additions; ++count)
          work.add("a", "b");
      });
    for (auto& each : threads)
      each.join();
    CHECK(work.lines() == std::vector<std::string>(3 * additions, "a: b"));
  }
}
