// How many probes precede a commit of a member that may be about to join.

#include <ottla/kafka/internal/driver/librdkafka/join_probes.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>

using ottla::kafka::join_probes;

namespace {

/// Answers probes until the commit is due. A new cause to join arrives at each probe in
/// `causes_at`.
int probes_sent(std::initializer_list<int> causes_at) {
  join_probes probes;
  std::uint64_t causes = 7;
  probes.begin(causes);
  for (int sent = 1; sent < 1000; ++sent) {
    for (const auto each : causes_at)
      causes += each == sent ? 1 : 0;
    if (!probes.needs_another(causes))
      return sent;
  }
  return 1000;
}

} // namespace

TEST_SUITE("join probes") {
  TEST_CASE("a commit waits for ten probes if no cause to join arrives") {
    CHECK(probes_sent({}) == 10);
  }

  TEST_CASE("a cause to join during the probes adds ten probes") {
    CHECK(probes_sent({1}) == 20);
    CHECK(probes_sent({10}) == 20);
    CHECK(probes_sent({3, 4, 5}) == 20);
  }

  TEST_CASE("repeated causes to join delay a commit by at most twenty probes") {
    CHECK(probes_sent({5, 15}) == 20);
    CHECK(probes_sent({1, 2, 3, 9, 11, 12, 17, 20, 21, 25}) == 20);
  }

  TEST_CASE("the probes of each commit restart at most once") {
    join_probes probes;
    probes.begin(0);
    for (int i = 1; i < 20; ++i)
      REQUIRE(probes.needs_another(1));
    CHECK_FALSE(probes.needs_another(2));
    CHECK_FALSE(probes.are_under_way());
    probes.begin(2);
    for (int i = 1; i < 20; ++i)
      REQUIRE(probes.needs_another(3));
    CHECK_FALSE(probes.needs_another(3));
  }
}
