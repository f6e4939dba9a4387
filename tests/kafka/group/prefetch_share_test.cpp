#include <ottla/kafka/group/prefetch_share.hpp>

#include <doctest/doctest.h>

using ottla::kafka::prefetch_share;

TEST_SUITE("prefetch_share") {
  constexpr std::size_t mib = 1024 * 1024;

  TEST_CASE("limits and the answers on top of them are two fifths of the memory") {
    CHECK(prefetch_share(320 * mib, 8) == 15 * mib);
    CHECK(prefetch_share(80 * mib, 1) == 31 * mib);
    CHECK(prefetch_share(80 * mib, 32) == mib / 2);
  }

  TEST_CASE("however many partitions there are, each may prefetch something") {
    CHECK(prefetch_share(mib, 100'000) == 64 * 1024);
    CHECK(prefetch_share(0, 0) == 64 * 1024);
  }
}
