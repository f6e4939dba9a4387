#include <ottla/kafka/internal/fetch/partition_range.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <vector>

using namespace ottla::kafka;

namespace {

std::vector<message> messages_at(std::initializer_list<std::int64_t> offsets) {
  std::vector<message> all;
  for (const auto offset : offsets)
    all.emplace_back(offset, std::string_view{}, std::string_view{}, nullptr, nullptr);
  return all;
}

log_offsets log_of(std::int64_t begin, std::int64_t end, std::vector<std::int64_t> times = {}) {
  return {.at = {"t", 0}, .begin = begin, .end = end, .since = std::move(times)};
}

struct bounds {
  std::int64_t first;
  std::int64_t end;
  bool operator==(const bounds&) const = default;
};

bounds chosen(const log_offsets& log, const begin_offset& from, const end_offset& until) {
  const auto range = choose_range(log, from, until);
  return {range.first(), range.end()};
}

} // namespace

TEST_SUITE("partition_range") {
  TEST_CASE("a range without records below its end is done when its last record is read") {
    partition_range range{0, 3};
    CHECK_FALSE(range.is_done());
    CHECK(range.take(messages_at({0, 1})) == 2);
    CHECK(range.next() == 2);
    CHECK_FALSE(range.is_done());
    CHECK(range.take(messages_at({2})) == 1);
    CHECK(range.is_done());
  }

  TEST_CASE("an empty range is done at once") {
    CHECK(partition_range{0, 0}.is_done());
    CHECK(partition_range{7, 7}.is_done());
    CHECK(partition_range{7, 3}.is_done());
    CHECK(partition_range{7, 3}.end() == 7);
  }

  TEST_CASE("gaps within a range do not count as records, and do not delay its end") {
    partition_range range{0, 100};
    CHECK(range.take(messages_at({10, 40})) == 2);
    CHECK(range.next() == 41);
    CHECK(range.take(messages_at({99})) == 1);
    CHECK(range.is_done());
  }

  TEST_CASE("a record behind the range ends the range and does not belong to it") {
    partition_range range{0, 100};
    CHECK(range.take(messages_at({98, 101, 102})) == 1);
    CHECK(range.is_done());
    CHECK(range.next() == 100);

    // All records at the end of the range were compacted away.
    partition_range compacted{0, 100};
    CHECK(compacted.take(messages_at({100})) == 0);
    CHECK(compacted.is_done());
  }

  TEST_CASE("the end of the log ends a range whose tail is compacted, aborted or control records") {
    partition_range range{0, 100};
    CHECK(range.take(messages_at({5})) == 1);
    range.reached(100);
    CHECK(range.is_done());

    partition_range grown{0, 100};
    grown.reached(130);
    CHECK(grown.is_done());
    CHECK(grown.next() == 100);
  }

  TEST_CASE("an end of the log within the range advances the range and does not end it") {
    partition_range range{0, 100};
    range.reached(60);
    CHECK(range.next() == 60);
    CHECK_FALSE(range.is_done());
    range.reached(50);
    CHECK(range.next() == 60);
  }

  TEST_CASE("a log that is trimmed during the read continues at its new beginning") {
    partition_range range{0, 100};
    CHECK(range.take(messages_at({0, 1})) == 2);
    CHECK(range.trim(70));
    CHECK(range.next() == 70);
    CHECK_FALSE(range.is_done());
    CHECK(range.trim(300));
    CHECK(range.is_done());
    CHECK(range.next() == 100);
  }

  TEST_CASE("a log that lost its end cannot continue") {
    partition_range range{0, 100};
    CHECK(range.take(messages_at({0, 1})) == 2);
    CHECK_FALSE(range.trim(0));
    CHECK_FALSE(range.trim(2));
    CHECK(range.next() == 2);
  }

  TEST_CASE("earliest and latest select the whole log, or nothing") {
    CHECK(chosen(log_of(3, 10), earliest{}, latest{}) == bounds{3, 10});
    CHECK(chosen(log_of(3, 10), latest{}, latest{}) == bounds{10, 10});
    CHECK(chosen(log_of(0, 0), earliest{}, latest{}) == bounds{0, 0});
    CHECK(chosen(log_of(10, 10), earliest{}, latest{}) == bounds{10, 10});
  }

  TEST_CASE("a beginning that the log does not hold moves into the log") {
    CHECK(chosen(log_of(3, 10), at_offset{5}, latest{}) == bounds{5, 10});
    CHECK(chosen(log_of(3, 10), at_offset{0}, latest{}) == bounds{3, 10});
    CHECK(chosen(log_of(3, 10), at_offset{99}, latest{}) == bounds{10, 10});
  }

  TEST_CASE("an end after the log's end is the log's end") {
    CHECK(chosen(log_of(3, 10), earliest{}, below{7}) == bounds{3, 7});
    CHECK(chosen(log_of(3, 10), earliest{}, below{99}) == bounds{3, 10});
    CHECK(choose_range(log_of(3, 10), earliest{}, below{2}).is_done());
    CHECK(choose_range(log_of(3, 10), at_offset{8}, below{8}).is_done());
  }

  TEST_CASE("times are the offsets that were looked up, or the end of the log") {
    CHECK(chosen(log_of(3, 10, {5}), since{}, latest{}) == bounds{5, 10});
    CHECK(chosen(log_of(3, 10, {-1}), since{}, latest{}) == bounds{10, 10});
    CHECK(chosen(log_of(3, 10, {5}), earliest{}, before{}) == bounds{3, 5});
    CHECK(chosen(log_of(3, 10, {-1}), earliest{}, before{}) == bounds{3, 10});
    CHECK(chosen(log_of(3, 10, {5, 8}), since{}, before{}) == bounds{5, 8});
    CHECK(choose_range(log_of(3, 10, {8, 5}), since{}, before{}).is_done());
    // With read_committed, a time may lie behind the last stable offset.
    CHECK(chosen(log_of(3, 10, {12}), earliest{}, before{}) == bounds{3, 10});
  }
}
