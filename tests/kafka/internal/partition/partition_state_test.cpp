#include "kafka/internal/partition/leased.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("partition_state") {
  TEST_CASE_FIXTURE(leased, "a partition without a lease delivers and acknowledges nothing") {
    kafka->append(where, 3);
    CHECK(take(0) == "over");
    CHECK(take(1) == "over");
    CHECK_FALSE(state.acknowledge(1, 2));
    CHECK(state.next_to_commit() == 0);
  }

  TEST_CASE_FIXTURE(leased, "only the newest lease takes and acknowledges") {
    kafka->append(where, 10);
    const auto first = lease();
    CHECK(take(first) == "0 1 2 3 4 +");
    CHECK(state.acknowledge(first, 2));
    const auto second = lease();
    CHECK(second > first);
    CHECK(take(first) == "over");
    CHECK_FALSE(state.acknowledge(first, 5));
    CHECK(state.next_to_commit() == 2);
    CHECK(take(second) == "2 3 4 +");
    CHECK(state.acknowledge(second, 5));
    CHECK(state.next_to_commit() == 5);
  }

  TEST_CASE_FIXTURE(
    leased, "a new lease gets all unacknowledged messages again from memory, without a seek") {
    kafka->append(where, 12);
    const auto first = lease();
    take(first);
    take(first);
    CHECK(take(first) == "10 11");
    CHECK(state.acknowledge(first, 3));
    for (int again = 0; again < 3; ++again) {
      const auto next = lease();
      CHECK(take(next) == "3 4 +");
      CHECK(take(next) == "5 6 7 8 9 +");
      CHECK(take(next) == "10 11 +");
      CHECK(take(next) == "");
    }
    kafka->append(where, 1);
    CHECK(take(lease()) == "3 4 +");
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(leased, "a lease begins at the acknowledged offset of the previous lease") {
    kafka->append(where, 5);
    const auto first = state.lease([] {}).value();
    CHECK(first.begins_at == 0);
    state.take(first.epoch, 5);
    state.acknowledge(first.epoch, 4);
    CHECK(state.lease([] {}).value().begins_at == 4);
  }

  TEST_CASE_FIXTURE(leased, "a batch that is acknowledged before its redelivery is skipped") {
    kafka->append(where, 10);
    const auto first = lease();
    take(first);
    take(first);
    const auto second = lease();
    CHECK(take(second) == "0 1 2 3 4 +");
    CHECK(state.acknowledge(second, 10));
    CHECK(take(second) == "");
    CHECK(kafka->batches_alive == 0);
  }

  TEST_CASE_FIXTURE(
    leased,
    "an acknowledgement never covers offsets that were not delivered and never moves back") {
    kafka->append(where, 5);
    const auto epoch = lease();
    take(epoch, 3);
    CHECK(state.acknowledge(epoch, 100));
    CHECK(state.next_to_commit() == 3);
    CHECK(state.acknowledge(epoch, 1));
    CHECK(state.next_to_commit() == 3);
    CHECK(take(epoch) == "3 4");
  }

  TEST_CASE_FIXTURE(leased, "the offsets of a take include the gaps of the log") {
    kafka->append(where, 2);
    kafka->skip(where, 3);
    kafka->append(where, 2);
    const auto epoch = lease();
    const auto first = state.take(epoch, 2).value();
    CHECK(first.first == 0);
    CHECK(first.next == 2);
    const auto second = state.take(epoch, 5).value();
    CHECK(text(second) == "5 6");
    CHECK(second.first == 2);
    CHECK(second.next == 7);
    CHECK(state.acknowledge(epoch, 6));
    const auto again = state.take(lease(), 5).value();
    CHECK(text(again) == "6 +");
    CHECK(again.first == 6);
  }

  TEST_CASE_FIXTURE(leased, "acknowledge_in_order fails while a lower offset is open") {
    kafka->append(where, 10);
    const auto epoch = lease();
    take(epoch);
    take(epoch);
    CHECK_FALSE(state.acknowledge_in_order(epoch, 5, 10));
    CHECK(state.next_to_commit() == 0);
    CHECK(kafka->batches_alive == 2);
  }

  TEST_CASE_FIXTURE(leased, "while the acknowledger has a pending acknowledgement, later "
                            "acknowledgements also go to the acknowledger") {
    kafka->append(where, 20);
    const auto epoch = lease();
    state.take(epoch, 20);
    CHECK_FALSE(state.acknowledge_in_order(epoch, 5, 10));
    CHECK_FALSE(state.acknowledge_in_order(epoch, 0, 5));
    // The acknowledger has the acknowledgement of 5 to 10, which waits for 0 to 5.
    CHECK(state.acknowledge(epoch, 0, true));
    CHECK_FALSE(state.acknowledge_in_order(epoch, 0, 1));
    CHECK(state.acknowledge(epoch, 10));
    CHECK_FALSE(state.acknowledge_in_order(epoch, 10, 11));
    CHECK(state.acknowledge(epoch, 10));
    CHECK(state.acknowledge(epoch, 11));
    CHECK(state.acknowledge_in_order(epoch, 11, 20));
    CHECK(state.next_to_commit() == 20);
  }

  TEST_CASE_FIXTURE(
    leased, "acknowledgements of an older lease do not delay acknowledgements of a new lease") {
    kafka->append(where, 10);
    const auto first = lease();
    take(first);
    CHECK_FALSE(state.acknowledge_in_order(first, 3, 5));
    CHECK(state.acknowledge(first, 0, true));
    const auto second = lease();
    take(second);
    CHECK(state.acknowledge_in_order(second, 0, 5));
  }

  TEST_CASE_FIXTURE(leased, "acknowledge_in_order fails under an older lease") {
    kafka->append(where, 5);
    const auto first = lease();
    take(first);
    const auto second = lease();
    CHECK_FALSE(state.acknowledge_in_order(first, 0, 5));
    CHECK(take(second) == "0 1 2 3 4 +");
    CHECK(state.acknowledge_in_order(second, 0, 5));
    CHECK(take(second) == "");
  }

  TEST_CASE_FIXTURE(
    leased, "the next lease gets the same offset_out_of_range failure again, without a seek") {
    kafka->append(where, 3);
    kafka->fail_partition(where, {.code = errc::offset_out_of_range, .text = "deleted"});
    CHECK(state.take(lease(), 5).value().failed.has_value());
    const auto second = lease();
    CHECK(kafka->happened() == "");
    CHECK(take(second) == "0 1 2 +");
    const auto again = state.take(second, 5).value();
    REQUIRE(again.failed.has_value());
    CHECK(again.failed->code == errc::offset_out_of_range);
  }

  TEST_CASE_FIXTURE(leased, "a lease names the missing offset until the first acknowledgement") {
    const topic_partition other{"other", 0};
    kafka->append(other, 10);
    partition_state begun{other,  7,  5, std::make_unique<fake_queue>(kafka, other, 5),
                          epochs, 20, 3};
    CHECK(begun.lease([] {}).value().missing == 3);
    const auto again = begun.lease([] {}).value();
    CHECK(again.missing == 3);
    CHECK(text(begun.take(again.epoch, 1)) == "5 +");
    CHECK(begun.acknowledge(again.epoch, 6));
    CHECK_FALSE(begun.lease([] {}).value().missing);
  }

  TEST_CASE_FIXTURE(leased, "a lease wakes its worker at once if messages are waiting") {
    kafka->append(where, 1);
    wakes = 0;
    lease();
    CHECK(wakes == 1);
  }

  TEST_CASE_FIXTURE(leased,
                    "a paused partition delivers no messages and accepts acknowledgements") {
    kafka->append(where, 8);
    const auto epoch = lease();
    take(epoch);
    state.pause();
    CHECK(take(epoch) == "");
    CHECK(state.acknowledge_in_order(epoch, 0, 5));
    CHECK(state.next_to_commit() == 5);
    wakes = 0;
    state.resume();
    CHECK(wakes == 1);
    CHECK(take(epoch) == "5 6 7");
    state.resume();
    CHECK(wakes == 1);
  }

  TEST_CASE_FIXTURE(
    leased,
    "in_hand() returns the batch of a take until the worker of the current lease ends the batch") {
    kafka->append(where, 8);
    const auto of_older_lease = std::make_shared<lease_progress>();
    state.lease([] {}, 1, of_older_lease);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = state.lease([] {}, 1, progress).value().epoch;
    CHECK_FALSE(state.in_hand().has_value());
    take(epoch);
    const auto first = state.in_hand().value();
    CHECK(first.first == 0);
    of_older_lease->end_batch();
    CHECK(state.in_hand().has_value());
    progress->end_batch();
    CHECK_FALSE(state.in_hand().has_value());
    CHECK_FALSE(state.activity_now().in_hand.has_value());
    take(epoch);
    CHECK(state.in_hand().value().number > first.number);
    lease();
    CHECK_FALSE(state.in_hand().has_value());
  }

  TEST_CASE_FIXTURE(leased, "is_handler_ending() is true from begin_end_of_handler() of the "
                            "current lease until the next lease") {
    const auto first = lease();
    CHECK_FALSE(state.is_handler_ending());
    state.begin_end_of_handler(first);
    CHECK(state.is_handler_ending());
    const auto second = lease();
    CHECK_FALSE(state.is_handler_ending());
    state.begin_end_of_handler(first);
    CHECK_FALSE(state.is_handler_ending());
    state.begin_end_of_handler(second);
    CHECK(state.is_handler_ending());
  }

  TEST_CASE_FIXTURE(leased, "after end_lease the holder can neither take nor acknowledge") {
    kafka->append(where, 3);
    const auto epoch = state.lease([this] { ++wakes; }, 42).value().epoch;
    CHECK(state.holder() == 42);
    take(epoch);
    state.end_lease();
    CHECK(state.holder() == 0);
    CHECK(take(epoch) == "over");
    CHECK_FALSE(state.acknowledge(epoch, 3));
    CHECK(take(lease()) == "0 1 2 +");
  }

  TEST_CASE("each new lease has a higher epoch than all leases with the same epoch source") {
    const auto epochs = std::make_shared<epoch_source>();
    const auto kafka = std::make_shared<fake_kafka>();
    const auto make = [&](int partition) {
      const topic_partition where{"t", partition};
      return std::make_unique<partition_state>(
        where, 1, 0, std::make_unique<fake_queue>(kafka, where, 0), epochs, 10);
    };
    const auto a = make(0);
    const auto b = make(1);
    const auto first = a->lease([] {}).value().epoch;
    const auto second = b->lease([] {}).value().epoch;
    CHECK(second > first);
    CHECK(a->lease([] {}).value().epoch > second);
    CHECK(b->take(second, 1).has_value());
  }

  TEST_CASE_FIXTURE(leased,
                    "give_up wakes the worker, drops queue and window, and allows no later lease") {
    kafka->append(where, 9);
    const auto epoch = lease();
    take(epoch);
    wakes = 0;
    state.give_up();
    CHECK(wakes == 1);
    CHECK(kafka->batches_alive == 0);
    CHECK(kafka->queues.empty());
    CHECK(take(epoch) == "over");
    CHECK_FALSE(state.acknowledge(epoch, 5));
    CHECK_FALSE(state.lease([] {}).has_value());
    CHECK(state.next_to_commit() == 0);
    state.give_up();
    CHECK(wakes == 1);
  }

  TEST_CASE_FIXTURE(leased, "the next lease of a failed partition seeks to the end of the window") {
    kafka->append(where, 3);
    const auto first = lease();
    CHECK(take(first) == "0 1 2");
    kafka->fail_partition(where, {.code = errc::not_authorized, .text = "no"});
    const auto failed = state.take(first, 5).value();
    REQUIRE(failed.failed.has_value());
    CHECK(failed.failed->code == errc::not_authorized);
    const auto second = lease();
    CHECK(kafka->happened() == "seek t/0@3");
    CHECK(take(second) == "0 1 2 +");
    lease();
    CHECK(kafka->happened() == "");
  }
}
