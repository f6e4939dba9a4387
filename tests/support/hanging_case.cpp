// The program that the test case_watchdog runs. Its second case never ends. The watchdog prints the
// name of that case, and ends the program with a failure.

#include <doctest/doctest.h>

#include <cstdio>
#include <future>

TEST_SUITE("watched") {
  TEST_CASE("a case that ends") {
    CHECK(true);
  }

  TEST_CASE("a case that never ends") {
    // The watchdog must not lose what a case has printed, although stdout is a pipe here.
    std::fputs("printed before the hang\n", stdout);
    std::promise<void>{}.get_future().wait();
  }
}
