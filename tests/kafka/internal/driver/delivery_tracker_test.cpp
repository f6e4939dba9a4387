#include <ottla/kafka/internal/driver/librdkafka/delivery_tracker.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace ottla::kafka;

namespace {

std::shared_ptr<const outgoing> batch_of(std::size_t records) {
  return std::make_shared<const outgoing>(
    outgoing{.asked = 7, .topic = "t", .records = std::vector<record>(records)});
}

} // namespace

TEST_SUITE("delivery_tracker") {
  TEST_CASE("the opaque pointer of each record leads to its tracker and its index") {
    delivery_tracker first{batch_of(3)};
    delivery_tracker second{batch_of(1)};
    for (std::size_t index = 0; index < 3; ++index) {
      const auto found = delivery_tracker::find(first.opaque_of(index));
      CHECK(found.by == &first);
      CHECK(found.index == index);
    }
    CHECK(delivery_tracker::find(second.opaque_of(0)).by == &second);
  }

  TEST_CASE("a batch is complete once each record is reported as stored or failed") {
    delivery_tracker tracker{batch_of(2)};
    CHECK_FALSE(tracker.failed(1, {.code = errc::timed_out}));
    CHECK(tracker.stored(0, {2, 5}));
  }

  TEST_CASE("an empty batch has no failures") {
    delivery_tracker tracker{batch_of(0)};
    const auto result = tracker.take_result();
    CHECK(result.asked == 7);
    CHECK(result.failures.empty());
  }

  TEST_CASE("the reason for a missing partition belongs to one record") {
    delivery_tracker tracker{batch_of(2)};
    tracker.note_no_partition(1, {.code = errc::other, .text = "no idea"});
    CHECK_FALSE(tracker.why_no_partition(0).has_value());
    CHECK(tracker.why_no_partition(1).value().text == "no idea");
  }

  TEST_CASE("the result names the failed records by index in ascending order") {
    delivery_tracker tracker{batch_of(4)};
    CHECK_FALSE(tracker.failed(3, {.code = errc::timed_out, .text = "third"}, true));
    CHECK_FALSE(tracker.stored(1, {2, 5}));
    CHECK_FALSE(tracker.failed(0, {.code = errc::record_too_large, .text = "zeroth"}));
    CHECK(tracker.stored(2, {2, 6}));
    const auto result = tracker.take_result();
    CHECK(result.asked == 7);
    REQUIRE(result.failures.size() == 2);
    CHECK(result.failures[0].index == 0);
    CHECK(result.failures[0].why.text == "zeroth");
    CHECK_FALSE(result.failures[0].may_be_stored);
    CHECK(result.failures[1].index == 3);
    CHECK(result.failures[1].why.code == errc::timed_out);
    CHECK(result.failures[1].may_be_stored);
    CHECK(result.places == std::vector<record_place>{{}, {2, 5}, {2, 6}, {}});
  }

  TEST_CASE("concurrent reports of two threads complete a batch exactly once") {
    for (int turn = 0; turn < 200; ++turn) {
      delivery_tracker tracker{batch_of(100)};
      std::atomic<int> completed = 0;
      const auto report = [&](std::size_t first) {
        for (auto index = first; index < 100; index += 2)
          completed += first == 0 ? tracker.stored(index, {0, static_cast<std::int64_t>(index)})
                                  : tracker.failed(index, {.code = errc::closed});
      };
      std::thread other{report, 1};
      report(0);
      other.join();
      CHECK(completed == 1);
      const auto result = tracker.take_result();
      CHECK(result.failures.size() == 50);
      CHECK(result.places[98].offset == 98);
    }
  }

  TEST_CASE("a tracker keeps its batch alive until the tracker is destroyed") {
    auto batch = batch_of(1);
    const std::weak_ptr<const outgoing> watched{batch};
    {
      const delivery_tracker tracker{std::move(batch)};
      CHECK_FALSE(watched.expired());
      CHECK(tracker.batch().topic == "t");
    }
    CHECK(watched.expired());
  }
}
