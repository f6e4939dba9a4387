#include <ottla/kafka/internal/driver/librdkafka/urgent_groups.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

using time = urgent_groups::time;

const time begin{1h};

/// Whether a flush is due at this time, while no batch is being handed over.
bool is_due(const urgent_groups& of, time at) {
  return of.next_flush(false) <= at;
}

/// A group of this many batches, flushed at this time.
urgent_groups::group flush_group(urgent_groups& of, int batches, time at) {
  const auto group = of.next();
  for (int i = 0; i < batches; ++i)
    of.add(at);
  of.note_flush(at);
  return group;
}

} // namespace

TEST_SUITE("groups of urgent batches") {
  TEST_CASE("the first batch is flushed at once, and nothing is flushed without a batch") {
    urgent_groups groups;
    CHECK(groups.next_flush(false) == time::max());
    groups.add(begin);
    CHECK(is_due(groups, begin));
    const auto group = groups.next();
    groups.note_flush(begin);
    CHECK(groups.next() != group);
    groups.note_report(group);
    CHECK(groups.next_flush(false) == time::max());
  }

  TEST_CASE("batches that are handed over during a flush are flushed when the group is reported") {
    urgent_groups groups;
    const auto first = flush_group(groups, 1, begin);
    groups.add(begin + 100us);
    groups.add(begin + 200us);
    CHECK_FALSE(is_due(groups, begin + 3ms));
    groups.note_report(first);
    CHECK(is_due(groups, begin + 200us));
  }

  TEST_CASE("a group does not wait for more than 5 ms for the group before") {
    urgent_groups groups;
    flush_group(groups, 1, begin);
    groups.add(begin + 1ms);
    CHECK(groups.next_flush(false) == begin + 5ms);
  }

  TEST_CASE("a group waits until it is as large as the group before, for up to 200 us") {
    urgent_groups groups;
    const auto first = flush_group(groups, 3, begin);
    for (int i = 0; i < 3; ++i)
      groups.note_report(first);
    groups.add(begin + 1ms);
    groups.add(begin + 1ms + 50us);
    CHECK(groups.next_flush(false) == begin + 1ms + 200us);
    SUBCASE("the third batch completes the group") {
      groups.add(begin + 1ms + 60us);
      CHECK(is_due(groups, begin + 1ms + 60us));
    }
    SUBCASE("the next group is as small as this one") {
      const auto second = groups.next();
      groups.note_flush(begin + 1ms + 200us);
      for (int i = 0; i < 2; ++i)
        groups.note_report(second);
      groups.add(begin + 2ms);
      groups.add(begin + 2ms);
      CHECK(is_due(groups, begin + 2ms));
    }
  }

  TEST_CASE("a group waits for a batch that is being handed over, for up to 200 us") {
    urgent_groups groups;
    groups.add(begin);
    CHECK(groups.next_flush(true) == begin + 200us);
    CHECK(groups.next_flush(false) == begin);
  }

  TEST_CASE("a group without reports is flushed again after 2, 4, 8 and up to 100 ms") {
    urgent_groups groups;
    const auto group = flush_group(groups, 1, begin);
    auto now = begin;
    for (const auto pause : {2ms, 4ms, 8ms, 16ms, 32ms, 64ms, 100ms, 100ms}) {
      CHECK(groups.next_flush(false) == now + pause);
      now += pause;
      groups.note_flush(now);
    }
    groups.note_report(group);
    CHECK(groups.next_flush(false) == time::max());
  }

  TEST_CASE("a broker that does not answer delays later groups by 5 ms at most once") {
    urgent_groups groups;
    flush_group(groups, 1, begin);
    groups.add(begin + 1ms);
    groups.note_flush(begin + 5ms);
    const auto second = groups.next() - 1;
    groups.note_report(second);
    groups.add(begin + 6ms);
    CHECK(is_due(groups, begin + 6ms));
  }

  TEST_CASE("a batch that is reported before the flush leaves the group") {
    urgent_groups groups;
    groups.add(begin);
    groups.note_report(groups.next());
    CHECK(groups.next_flush(false) == time::max());
  }
}
