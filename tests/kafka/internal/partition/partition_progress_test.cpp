// Which acknowledgements a partition_state counts while the handler is in the middle of a batch.

#include <ottla/kafka/consumer/ack_handle.hpp>

#include "kafka/internal/partition/leased.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct counting_observer : observer {
  void acknowledged(const topic_partition&, std::int64_t next) override { last = next; }
  std::int64_t last = 0;
};

struct counting_sink : ack_sink {
  using ack_sink::ack_sink;
  void done(std::int64_t, std::int64_t) const override { ++direct; }
  mutable int direct = 0;
};

} // namespace

TEST_SUITE("partition_state, in the middle of a batch") {
  TEST_CASE_FIXTURE(leased,
                    "messages that the handler has acknowledged count before the batch is done") {
    kafka->append(where, 5);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = state.lease([] {}, 1, progress).value().epoch;
    take(epoch);
    progress->done(0, 1);
    CHECK(state.next_to_commit() == 1);
    progress->done(0, 3);
    CHECK(state.unacknowledged() == 2);
    CHECK(state.activity_now().acknowledged == 3);
    CHECK(state.acknowledge_in_order(epoch, 0, 4));
    CHECK(state.next_to_commit() == 4);
  }

  TEST_CASE_FIXTURE(
    leased, "acknowledgements within a batch count only if they precede the end of the lease") {
    kafka->append(where, 5);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = state.lease([] {}, 1, progress).value().epoch;
    take(epoch);
    progress->done(0, 2);
    SUBCASE("the next lease ends the earlier lease") {
      CHECK(state.lease([] {}).value().begins_at == 2);
    }
    SUBCASE("end_lease ends the lease") {
      state.end_lease();
    }
    CHECK(progress->is_ending());
    progress->done(0, 3);
    CHECK(state.next_to_commit() == 2);
    CHECK_FALSE(state.acknowledge_in_order(epoch, 0, 3));
  }

  TEST_CASE_FIXTURE(leased, "acknowledgements within a batch count only if they precede the end of "
                            "the assignment") {
    kafka->append(where, 5);
    const auto progress = std::make_shared<lease_progress>();
    take(state.lease([] {}, 1, progress).value().epoch);
    progress->done(0, 2);
    state.give_up();
    CHECK(progress->is_ending());
    progress->done(0, 3);
    CHECK(state.next_to_commit() == 2);
  }

  TEST_CASE_FIXTURE(leased, "progress after a gap counts as soon as the gap is closed") {
    kafka->append(where, 5);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = state.lease([] {}, 1, progress).value().epoch;
    take(epoch);
    CHECK(state.acknowledge_in_order(epoch, 0, 1));
    progress->done(2, 4);
    CHECK(state.next_to_commit() == 1);
    SUBCASE("an ack_handle closes the gap in order") {
      CHECK(state.acknowledge_in_order(epoch, 1, 2));
    }
    SUBCASE("the acknowledger closes the gap") {
      CHECK(state.acknowledge(epoch, 2));
    }
    CHECK(state.next_to_commit() == 4);
  }

  TEST_CASE_FIXTURE(
    leased, "an ack_handle may acknowledge the message right after the handler's progress") {
    kafka->append(where, 5);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = state.lease([] {}, 1, progress).value().epoch;
    take(epoch);
    progress->done(0, 2);
    CHECK(state.acknowledge_in_order(epoch, 2, 3));
    CHECK(state.next_to_commit() == 3);
  }

  TEST_CASE_FIXTURE(leased,
                    "progress within a batch frees room in a full window and wakes the worker") {
    kafka->append(where, 30);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = state.lease([this] { ++wakes; }, 1, progress).value().epoch;
    take(epoch, 20);
    CHECK(state.take(epoch, 5).value().messages.empty());
    wakes = 0;
    progress->done(0, 20);
    CHECK(state.next_to_commit() == 20);
    CHECK(wakes == 1);
  }

  TEST_CASE_FIXTURE(leased, "a take counts the progress of the previous batch and reports it") {
    kafka->append(where, 30);
    const auto progress = std::make_shared<lease_progress>();
    const auto seen = std::make_shared<counting_observer>();
    const auto epoch = state.lease([] {}, 1, progress, seen).value().epoch;
    take(epoch, 20);
    progress->done(0, 20);
    progress->end_batch();
    CHECK(seen->last == 0);
    // Without the progress, the window would be full.
    CHECK(state.take(epoch, 5).value().messages.size() == 5);
    CHECK(seen->last == 20);
  }

  TEST_CASE_FIXTURE(leased, "a batch is in order if all earlier offsets are acknowledged") {
    kafka->append(where, 20);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = state.lease([] {}, 1, progress).value().epoch;
    CHECK(state.take(epoch, 5).value().in_order);
    SUBCASE("the earlier batch is acknowledged") {
      CHECK(state.acknowledge_in_order(epoch, 0, 5));
      CHECK(state.take(epoch, 5).value().in_order);
    }
    SUBCASE("the handler has reported all earlier messages") {
      progress->done(0, 5);
      CHECK(state.take(epoch, 5).value().in_order);
    }
    SUBCASE("an earlier offset is open") {
      CHECK(state.acknowledge_in_order(epoch, 0, 4));
      CHECK_FALSE(state.take(epoch, 5).value().in_order);
    }
    SUBCASE("an acknowledgement is on its way through the acknowledger") {
      CHECK_FALSE(state.acknowledge_in_order(epoch, 4, 5));
      progress->done(0, 5);
      CHECK_FALSE(state.take(epoch, 5).value().in_order);
    }
    SUBCASE("the acknowledger holds a range after a gap") {
      CHECK_FALSE(state.acknowledge_in_order(epoch, 4, 5));
      CHECK(state.acknowledge(epoch, 0, true));
      progress->done(0, 5);
      CHECK_FALSE(state.take(epoch, 5).value().in_order);
    }
  }

  TEST_CASE("is_left_to_next_take() is true for the batch's first offset, from "
            "leave_to_next_take() to the next batch") {
    lease_progress progress;
    progress.begin_batch(5);
    CHECK_FALSE(progress.is_left_to_next_take(5));
    progress.leave_to_next_take();
    CHECK(progress.is_left_to_next_take(5));
    CHECK_FALSE(progress.is_left_to_next_take(6));
    progress.begin_batch(5);
    CHECK_FALSE(progress.is_left_to_next_take(5));
  }

  TEST_CASE_FIXTURE(leased, "the last range of a batch is left to the next take if it starts with "
                            "the batch and the acknowledger holds no range of the batch") {
    kafka->append(where, 5);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = state.lease([] {}, 1, progress).value().epoch;
    take(epoch);
    progress->leave_to_next_take();
    const counting_sink acks{progress};
    SUBCASE("no other range") {
      acks.last_of_batch_done(0, 1);
      CHECK(acks.direct == 0);
    }
    SUBCASE("a range in order") {
      CHECK(state.acknowledge_in_order(epoch, 0, 1));
      acks.last_of_batch_done(0, 2);
      CHECK(acks.direct == 0);
    }
    SUBCASE("a range that waits in the acknowledger") {
      CHECK_FALSE(state.acknowledge_in_order(epoch, 1, 2));
      CHECK(state.acknowledge(epoch, 0, true));
      acks.last_of_batch_done(0, 1);
      CHECK(acks.direct == 1);
    }
    SUBCASE("a range that does not start with the batch") {
      acks.last_of_batch_done(1, 2);
      CHECK(acks.direct == 1);
    }
  }

  TEST_CASE_FIXTURE(
    leased, "in_hand() returns the offset of the message that a message_handler is handling") {
    kafka->append(where, 5);
    const auto progress = std::make_shared<lease_progress>();
    take(state.lease([] {}, 1, progress).value().epoch);
    CHECK_FALSE(state.in_hand().value().message);
    progress->begin(3);
    CHECK(state.in_hand().value().first == 0);
    CHECK(state.in_hand().value().message == 3);
  }

  // The worker ends a batch without the lock of the partition_state.
  TEST_CASE_FIXTURE(
    leased,
    "a concurrent call of activity_now() sees the last batch either in hand or acknowledged") {
    constexpr std::int64_t batches = 2'000; // of one message each
    kafka->append(where, batches);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = state.lease([] {}, 1, progress).value().epoch;
    std::atomic<bool> over = false;
    bool wrong = false;
    // A worker that takes the next batch immediately leaves the acknowledgement to that take.
    bool is_left_to_next_take = false;
    SUBCASE("the worker acknowledges") {}
    SUBCASE("the next take acknowledges") {
      is_left_to_next_take = true;
    }
    std::thread reader{[&] {
      while (!over) {
        const auto now = state.activity_now();
        const auto done = static_cast<std::uint64_t>(now.acknowledged);
        wrong = wrong
                || (now.in_hand ? now.in_hand->number != now.batches || done + 1 < now.batches
                                : done != now.batches);
      }
    }};
    for (std::int64_t offset = 0; offset < batches; ++offset) {
      take(epoch, 1);
      progress->done(offset, offset + 1);
      if (!is_left_to_next_take)
        state.acknowledge_in_order(epoch, offset, offset + 1);
      progress->end_batch();
    }
    over = true;
    reader.join();
    CHECK_FALSE(wrong);
    CHECK(state.next_to_commit() == batches);
  }
}
