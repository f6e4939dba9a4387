#include <ottla/kafka/detail/lease_progress.hpp>

#include "support/counter.hpp"
#include "support/patience.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

using namespace ottla::kafka;

TEST_SUITE("lease_progress") {
  TEST_CASE("acknowledgements with the same first offset extend one range") {
    lease_progress progress;
    CHECK(progress.acknowledged().first == progress.acknowledged().next);
    progress.done(0, 1);
    progress.done(0, 2);
    CHECK(progress.acknowledged().first == 0);
    CHECK(progress.acknowledged().next == 2);
  }

  TEST_CASE("an acknowledgement after a gap replaces the earlier range") {
    lease_progress progress;
    progress.done(3, 5);
    progress.done(7, 8);
    CHECK(progress.acknowledged().first == 7);
    CHECK(progress.acknowledged().next == 8);
  }

  TEST_CASE("message_in_hand() returns the offset of the current message until leave() is called") {
    lease_progress progress;
    CHECK_FALSE(progress.message_in_hand());
    progress.begin(4);
    CHECK(progress.message_in_hand() == 4);
    progress.leave();
    CHECK_FALSE(progress.message_in_hand());
  }

  TEST_CASE(
    "batch_in_hand() returns the first offset of the current batch until end_batch() is called") {
    lease_progress progress;
    CHECK_FALSE(progress.batch_in_hand());
    progress.begin_batch(0);
    CHECK(progress.batch_in_hand() == 0);
    progress.end_batch();
    CHECK_FALSE(progress.batch_in_hand());
  }

  TEST_CASE("a reader that sees the end of a batch also sees all acknowledgements of the batch") {
    lease_progress progress;
    constexpr std::int64_t batches = 100'000;
    ottla::test::counter reading;
    bool wrong = false;
    progress.begin_batch(0);
    std::thread reader{[&] {
      reading.raise();
      std::int64_t in_hand = -1;
      for (std::int64_t next = 0; next < batches;) {
        // Batch n has the offset n.
        const auto first = progress.batch_in_hand();
        next = progress.acknowledged().next;
        if (first)
          in_hand = *first;
        else
          wrong = wrong || next <= in_hand;
      }
    }};
    CHECK(reading.wait_for(1));
    for (std::int64_t batch = 0; batch < batches; ++batch) {
      progress.begin_batch(batch);
      progress.done(0, batch + 1);
      progress.end_batch();
    }
    reader.join();
    CHECK_FALSE(wrong);
  }

  TEST_CASE("a handler should return if its lease ended or its worker must end") {
    const auto worker_ends = std::make_shared<std::atomic<bool>>(false);
    lease_progress progress{worker_ends};
    CHECK_FALSE(progress.is_ending());
    SUBCASE("the lease ended") {
      progress.end();
    }
    SUBCASE("the worker must end") {
      *worker_ends = true;
    }
    CHECK(progress.is_ending());
  }

  TEST_CASE("a concurrent reader never sees an unacknowledged offset as acknowledged") {
    lease_progress progress;
    ottla::test::counter reading;
    bool wrong = false;
    bool complete = false;
    std::thread reader{[&] {
      reading.raise();
      // Every tenth offset is never acknowledged.
      const auto until = std::chrono::steady_clock::now() + ottla::test::patience();
      std::int64_t last = 0;
      while (last < 999'999 && std::chrono::steady_clock::now() < until) {
        const auto seen = progress.acknowledged();
        wrong = wrong || (seen.first < seen.next && seen.first / 10 != (seen.next - 1) / 10)
                || (seen.first < seen.next && (seen.next - 1) % 10 == 9);
        last = std::max(last, seen.next);
      }
      complete = last >= 999'999;
    }};
    CHECK(reading.wait_for(1));
    for (std::int64_t offset = 0; offset < 1'000'000; ++offset)
      if (offset % 10 != 9)
        progress.done(offset - offset % 10, offset + 1);
    reader.join();
    CHECK_FALSE(wrong);
    CHECK(complete);
  }
}
