#include <ottla/kafka/internal/settings/time_limits.hpp>

#include <doctest/doctest.h>

#include <chrono>

using namespace std::chrono_literals;
using namespace ottla::kafka;

namespace {

constexpr time_limits limits{1ms, 2s};

} // namespace

TEST_SUITE("time_limits") {
  TEST_CASE("a value that equals a limit is valid") {
    CHECK(fault_of_time("a", 1ms, limits) == std::nullopt);
    CHECK(fault_of_time("a", 2000ms, limits) == std::nullopt);
    CHECK(fault_of_time("a", std::chrono::microseconds{1ms}, limits) == std::nullopt);
    CHECK(fault_of_time("a", std::chrono::microseconds{2s}, limits) == std::nullopt);
  }

  TEST_CASE("a value beyond a limit is a fault that names setting, limits and value") {
    CHECK(fault_of_time("linger", 0ms, limits) == "linger must be from 1ms to 2000ms, got 0ms");
    CHECK(fault_of_time("linger", 2001ms, limits)
          == "linger must be from 1ms to 2000ms, got 2001ms");
  }

  TEST_CASE("a value in microseconds is compared without rounding") {
    CHECK(fault_of_time("linger", 999us, limits) == "linger must be from 1ms to 2000ms, got 999us");
    CHECK(fault_of_time("linger", 2'000'001us, limits)
          == "linger must be from 1ms to 2000ms, got 2000001us");
    CHECK(fault_of_time("linger", -1us, linger_limits)
          == "linger must be from 0ms to 900000ms, got -1us");
  }

  TEST_CASE("the longest and shortest values of each unit do not overflow in a comparison") {
    CHECK(fault_of_time("a", std::chrono::milliseconds::max(), limits));
    CHECK(fault_of_time("a", std::chrono::milliseconds::min(), limits));
    CHECK(fault_of_time("a", std::chrono::microseconds::max(), limits));
    CHECK(fault_of_time("a", std::chrono::microseconds::min(), limits));
  }

  TEST_CASE("delivery_timeout may be as long as librdkafka's largest number of milliseconds") {
    CHECK(fault_of_time("a", 2'147'483'647ms, delivery_timeout_limits) == std::nullopt);
    CHECK(fault_of_time("a", 2'147'483'648ms, delivery_timeout_limits));
  }
}
