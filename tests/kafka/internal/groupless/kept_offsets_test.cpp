#include <ottla/kafka/internal/groupless/kept_offsets.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("kept_offsets") {
  const topic_partition zero{"t", 0};

  TEST_CASE("a partition has no offset before its first assignment") {
    const kept_offsets kept;
    CHECK(!kept.find(zero));
  }

  TEST_CASE("acknowledgements raise the offset at which an assignment began") {
    kept_offsets kept;
    kept.begin(zero, 1, 5);
    CHECK(kept.find(zero)->next == 5);
    kept.acknowledge(zero, 1, 9);
    kept.acknowledge(zero, 1, 7);
    CHECK(kept.find(zero)->next == 9);
  }

  TEST_CASE("a new assignment may begin at a lower offset") {
    kept_offsets kept;
    kept.begin(zero, 1, 5);
    kept.begin(zero, 2, 3);
    CHECK(kept.find(zero)->next == 3);
  }

  TEST_CASE("late news of an older assignment is ignored") {
    kept_offsets kept;
    kept.begin(zero, 1, 5);
    kept.begin(zero, 3, 3);
    kept.acknowledge(zero, 1, 50);
    kept.begin(zero, 2, 40);
    CHECK(kept.find(zero)->next == 3);
  }

  TEST_CASE("the stored offset is separate from the acknowledged offset") {
    kept_offsets kept;
    kept.begin(zero, 1, 5);
    CHECK(kept.find(zero)->stored == -1);
    kept.acknowledge(zero, 1, 9);
    kept.store(zero, 7);
    CHECK(kept.find(zero)->next == 9);
    CHECK(kept.find(zero)->stored == 7);
  }

  TEST_CASE("partitions count as newer if the topic did not have them when it was first seen") {
    kept_offsets kept;
    CHECK(!kept.is_newer(0));
    kept.see({0, 1});
    kept.see({0, 1, 2});
    CHECK(!kept.is_newer(1));
    CHECK(kept.is_newer(2));
  }
}
