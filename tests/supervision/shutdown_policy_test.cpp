#include <ottla/supervision/shutdown_policy.hpp>

#include <doctest/doctest.h>

using namespace ottla;
using namespace std::chrono_literals;

TEST_SUITE("shutdown_policy") {
  TEST_CASE("the default shutdown time is five seconds for workers and unlimited for supervisors") {
    CHECK(shutdown_policy{}.patience(child_type::worker) == 5s);
    CHECK(shutdown_policy{}.patience(child_type::supervisor) == std::chrono::nanoseconds::max());
  }

  TEST_CASE("an explicit shutdown time applies to workers and supervisors") {
    CHECK(shutdown_policy{2s}.patience(child_type::worker) == 2s);
    CHECK(shutdown_policy{2s}.patience(child_type::supervisor) == 2s);
    CHECK(shutdown_policy::brutal_kill().patience(child_type::worker) == 0s);
    CHECK(shutdown_policy::infinity().patience(child_type::worker)
          == std::chrono::nanoseconds::max());
  }
}
