// How many messages and bytes of a partition are open at a time, and when they are copied.

#include "kafka/internal/partition/leased.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

/// Without memory for fetching, delivered messages may use half of the share.
constexpr fetch_memory nothing_fetched{
  .queue_bytes = 0, .part_bytes = 0, .answer_bytes = 0, .shared_bytes = 0};

TEST_SUITE("partition_state") {
  TEST_CASE_FIXTURE(leased,
                    "a full window stops takes, and the worker is woken when the window has room") {
    kafka->append(where, 100);
    const auto epoch = lease();
    CHECK(take(epoch, 15).starts_with("0 1 "));
    CHECK(take(epoch, 15) == "15 16 17 18 19 +");
    CHECK(state.unacknowledged() == 20);
    CHECK(take(epoch, 15) == "");
    wakes = 0;
    CHECK(state.acknowledge(epoch, 0));
    CHECK(wakes == 0);
    CHECK(state.acknowledge(epoch, 2));
    CHECK(wakes == 1);
    CHECK(state.acknowledge(epoch, 3));
    CHECK(wakes == 1);
    CHECK(take(epoch, 15) == "20 21 22 +");
  }

  TEST_CASE_FIXTURE(leased,
                    "a new lease on a full window gets its messages again, then waits for room") {
    kafka->append(where, 100);
    take(lease(), 20);
    const auto epoch = lease();
    CHECK(take(epoch, 5).starts_with("0 1 2"));
    CHECK(take(epoch, 5) == "");
    wakes = 0;
    state.acknowledge(epoch, 20);
    CHECK(wakes == 1);
    CHECK(take(epoch) == "20 21 22 23 24 +");
  }

  TEST_CASE_FIXTURE(leased, "the next take releases the memory of acknowledged batches") {
    kafka->append(where, 15);
    const auto epoch = lease();
    take(epoch);
    take(epoch);
    CHECK(kafka->batches_alive == 2);
    state.acknowledge(epoch, 5);
    take(epoch);
    CHECK(kafka->batches_alive == 2);
    state.acknowledge(epoch, 15);
    take(epoch);
    CHECK(kafka->batches_alive == 0);
  }

  TEST_CASE_FIXTURE(leased,
                    "an acknowledgement in order releases the memory of its batch at once") {
    kafka->append(where, 10);
    const auto epoch = lease();
    take(epoch);
    CHECK(state.acknowledge_in_order(epoch, 0, 3));
    CHECK(state.next_to_commit() == 3);
    CHECK(kafka->batches_alive == 1);
    CHECK(state.acknowledge_in_order(epoch, 3, 100));
    CHECK(state.next_to_commit() == 5);
    CHECK(kafka->batches_alive == 0);
    CHECK(take(epoch) == "5 6 7 8 9 +");
  }

  TEST_CASE_FIXTURE(leased, "an acknowledgement in order wakes the worker of a full window") {
    kafka->append(where, 30);
    const auto epoch = lease();
    CHECK(state.take(epoch, 30).value().messages.size() == 20);
    CHECK(take(epoch) == "");
    wakes = 0;
    CHECK(state.acknowledge_in_order(epoch, 0, 1));
    CHECK(wakes == 1);
  }

  TEST_CASE_FIXTURE(leased, "a taken batch stays readable after the partition is given up") {
    kafka->append(where, 2);
    const auto epoch = lease();
    auto hand = state.take(epoch, 5).value();
    state.acknowledge(epoch, 2);
    state.give_up();
    CHECK(hand.messages[1].value() == "1");
    CHECK(kafka->batches_alive == 1);
    hand = {};
    CHECK(kafka->batches_alive == 0);
  }

  TEST_CASE_FIXTURE(leased,
                    "a window that is full by bytes stops takes until messages are acknowledged") {
    kafka->append(where, 20);
    state.limit_bytes({.bytes = 2'000, .fetching = nothing_fetched});
    const auto epoch = lease();
    // The first batch shows the size of messages. Each message costs 256 bytes beyond its content.
    CHECK(take(epoch, 3) == "0 1 2 +");
    CHECK(take(epoch) == "3 +");
    CHECK(take(epoch) == "");
    wakes = 0;
    CHECK(state.acknowledge_in_order(epoch, 0, 3));
    CHECK(wakes == 1);
    CHECK(take(epoch) == "4 5 +");
    CHECK(take(epoch) == "6 +");
    CHECK(take(epoch) == "");
  }

  TEST_CASE_FIXTURE(
    leased,
    "a partition with an empty window delivers one message, even if it exceeds the window") {
    kafka->append(where, 4);
    state.limit_bytes({.bytes = 1, .fetching = nothing_fetched});
    const auto epoch = lease();
    CHECK(take(epoch, 1) == "0 +");
    CHECK(take(epoch, 2) == "");
    CHECK(state.acknowledge(epoch, 1));
    CHECK(take(epoch, 2) == "1 +");
    state.limit_bytes({.bytes = 20'000, .fetching = nothing_fetched});
    CHECK(take(epoch, 2) == "2 3 +");
  }

  TEST_CASE_FIXTURE(
    leased, "a batch that stays unacknowledged between two calls of copy_what_stays is copied") {
    kafka->append(where, 12);
    const auto first = lease();
    take(first);
    take(first);
    state.copy_what_stays(first);
    CHECK(kafka->batches_alive == 2);
    CHECK(state.acknowledge(first, 3));
    take(first);
    state.copy_what_stays(first);
    CHECK(kafka->batches_alive == 1); // the earlier call did not see the third batch
    state.copy_what_stays(first + 1);
    CHECK(kafka->batches_alive == 1);
    const auto second = lease();
    CHECK(take(second) == "3 4 +");
    CHECK(take(second) == "5 6 7 8 9 +");
    CHECK(take(second) == "10 11 +");
    CHECK(state.acknowledge_in_order(second, 3, 12));
    CHECK(kafka->batches_alive == 0);
  }

  TEST_CASE_FIXTURE(leased, "one call of copy_what_stays copies an eighth of a full window") {
    kafka->append(where, 12);
    state.limit_bytes({.bytes = 12'000, .fetching = nothing_fetched});
    const auto epoch = lease();
    for (int batch = 0; batch < 4; ++batch)
      take(epoch, 3);
    state.copy_what_stays(epoch);
    CHECK(kafka->batches_alive == 4);
    state.copy_what_stays(epoch); // three messages are more than an eighth of 6,000 bytes
    CHECK(kafka->batches_alive == 3);
    state.copy_what_stays(epoch);
    CHECK(kafka->batches_alive == 2);
    CHECK(take(lease()) == "0 1 2 +");
  }

  TEST_CASE_FIXTURE(leased,
                    "a taken batch stays readable after the partition_state has copied it") {
    kafka->append(where, 3);
    const auto epoch = lease();
    const auto in_hand = state.take(epoch, 5).value();
    state.copy_what_stays(epoch);
    state.copy_what_stays(epoch);
    CHECK(text(in_hand) == "0 1 2");
    CHECK(kafka->batches_alive == 1);
  }
}
