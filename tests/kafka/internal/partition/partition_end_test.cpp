// Offsets after the last record of a log: transaction markers, aborted records, and records that
// compaction removed.

#include "kafka/internal/partition/leased.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

class last_acknowledged : public observer {
public:
  std::int64_t next = -1;

  void acknowledged(const topic_partition&, std::int64_t all_below) override { next = all_below; }
};

} // namespace

TEST_SUITE("partition_state at the end of the log") {
  TEST_CASE_FIXTURE(leased, "a take acknowledges the end of the log if no offset below is open") {
    kafka->skip(where, 6);
    const auto epoch = lease();
    CHECK(state.take(epoch, 5).value().end == 6);
    CHECK(state.next_to_commit() == 6);
    CHECK(state.unacknowledged() == 0);
    CHECK_FALSE(state.take(epoch, 5).value().end);
    kafka->append(where, 1);
    const auto next = state.take(epoch, 5).value();
    CHECK(next.first == 6);
    CHECK(state.acknowledge_in_order(epoch, 6, 7));
  }

  TEST_CASE_FIXTURE(leased, "the end of the log is acknowledged after the open offsets below") {
    kafka->append(where, 3);
    const auto epoch = lease();
    CHECK(take(epoch, 3) == "0 1 2 +");
    kafka->skip(where, 4);
    CHECK(take(epoch).empty());
    CHECK(state.next_to_commit() == 0);
    SUBCASE("the offsets are acknowledged in order") {
      CHECK(state.acknowledge_in_order(epoch, 0, 2));
      CHECK(state.next_to_commit() == 2);
      CHECK(state.acknowledge_in_order(epoch, 2, 3));
    }
    SUBCASE("the offsets are acknowledged out of order") {
      CHECK_FALSE(state.acknowledge_in_order(epoch, 2, 3));
      CHECK(state.acknowledge(epoch, 0, true));
      CHECK(state.next_to_commit() == 0);
      CHECK(state.acknowledge(epoch, 3));
    }
    SUBCASE("a replacement acknowledges the offsets") {
      const auto second = lease();
      CHECK(take(second) == "0 1 2 +");
      CHECK_FALSE(state.acknowledge(epoch, 3));
      CHECK(state.next_to_commit() == 0);
      CHECK(state.acknowledge_in_order(second, 0, 3));
    }
    CHECK(state.next_to_commit() == 7);
    CHECK(state.unacknowledged() == 0);
    CHECK(state.lease([] {}).value().begins_at == 7);
  }

  TEST_CASE_FIXTURE(leased, "the observer gets the end of the log when a take acknowledges it") {
    kafka->skip(where, 6);
    const auto seen = std::make_shared<last_acknowledged>();
    const auto epoch = state.lease([] {}, 1, nullptr, seen).value().epoch;
    CHECK(take(epoch).empty());
    CHECK(seen->next == 6);
  }

  TEST_CASE_FIXTURE(
    leased, "offsets without messages at the end of the log become a log gap when records follow") {
    kafka->append(where, 2);
    const auto epoch = lease();
    CHECK(take(epoch, 2) == "0 1 +");
    kafka->skip(where, 4);
    CHECK(state.take(epoch, 2).value().messages.empty());
    kafka->append(where, 1);
    const auto next = state.take(epoch, 2).value();
    CHECK(next.first == 2);
    CHECK(next.next == 7);
    CHECK(state.acknowledge_in_order(epoch, 0, 2));
    CHECK(state.next_to_commit() == 2);
    CHECK(state.acknowledge_in_order(epoch, 2, 7));
    CHECK(state.next_to_commit() == 7);
  }

  TEST_CASE_FIXTURE(leased,
                    "a take of a paused partition does not acknowledge the end of the log") {
    kafka->skip(where, 3);
    const auto epoch = lease();
    state.pause();
    CHECK_FALSE(state.take(epoch, 5).value().end);
    CHECK(state.next_to_commit() == 0);
    state.resume();
    CHECK(state.take(epoch, 5).value().end == 3);
  }
}
