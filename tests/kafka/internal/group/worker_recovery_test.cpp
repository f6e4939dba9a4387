#include <ottla/kafka/internal/group/worker_recovery.hpp>

#include <doctest/doctest.h>

#include <vector>

using ottla::kafka::worker_recovery;
using namespace std::chrono_literals;

namespace {

using snapshots = std::vector<worker_recovery::snapshot>;

constexpr std::chrono::nanoseconds idle_for = 10s;

/// The state of partition 1 after `batches` batches.
snapshots at(std::int64_t acknowledged, std::uint64_t batches, bool in_hand = false) {
  return {{.number = 1, .acknowledged = acknowledged, .batches = batches, .in_hand = in_hand}};
}

} // namespace

TEST_SUITE("worker_recovery") {
  TEST_CASE("a worker that never failed does not recover") {
    worker_recovery recovery;
    CHECK_FALSE(recovery.is_pending());
    CHECK_FALSE(recovery.recovers(at(5, 1), 0s, idle_for));
  }

  TEST_CASE("a worker recovers once, at the first acknowledgement after its failure") {
    worker_recovery recovery;
    recovery.note_failure(at(5, 1, true));
    CHECK(recovery.is_pending());
    CHECK_FALSE(recovery.recovers(at(5, 2, true), 1s, idle_for));
    CHECK(recovery.recovers(at(6, 2), 2s, idle_for));
    CHECK_FALSE(recovery.is_pending());
    CHECK_FALSE(recovery.recovers(at(7, 3), 3s, idle_for));
  }

  TEST_CASE("a worker whose handler needs an hour to fail does not recover in that hour") {
    worker_recovery recovery;
    recovery.note_failure(at(5, 1, true));
    for (auto now = 0s; now < 1h; now += 1s)
      CHECK_FALSE(recovery.recovers(at(5, 2, true), now, idle_for));
    recovery.note_failure(at(5, 2, true));
    CHECK_FALSE(recovery.recovers(at(5, 3, true), 1h + 1s, idle_for));
  }

  TEST_CASE("a worker that takes batches and acknowledges none is not idle") {
    worker_recovery recovery;
    recovery.note_failure(at(5, 1, true));
    std::uint64_t batches = 1;
    for (auto now = 0s; now < 1h; now += 1s)
      CHECK_FALSE(recovery.recovers(at(5, ++batches), now, idle_for));
  }

  TEST_CASE("a worker that waits with unacknowledged messages is not idle") {
    worker_recovery recovery;
    recovery.note_failure(at(5, 1, true));
    auto waiting = at(5, 2);
    waiting.front().unacknowledged = 1;
    for (auto now = 0s; now < 1h; now += 1s)
      CHECK_FALSE(recovery.recovers(waiting, now, idle_for));
    CHECK(recovery.recovers(at(6, 2), 1h, idle_for));
  }

  TEST_CASE("a worker with nothing to handle recovers after ten idle seconds") {
    worker_recovery recovery;
    recovery.note_failure(at(5, 1));
    CHECK_FALSE(recovery.recovers(at(5, 1), 100s, idle_for));
    CHECK_FALSE(recovery.recovers(at(5, 1), 109s, idle_for));
    CHECK(recovery.recovers(at(5, 1), 110s, idle_for));
  }

  TEST_CASE("idle time before the failure does not count") {
    worker_recovery recovery;
    recovery.note_failure(at(5, 1));
    CHECK_FALSE(recovery.recovers(at(5, 1), 100s, idle_for));
    recovery.note_failure(at(5, 1));
    CHECK_FALSE(recovery.recovers(at(5, 1), 120s, idle_for));
    CHECK(recovery.recovers(at(5, 1), 130s, idle_for));
  }

  TEST_CASE("a worker of two partitions recovers when the failed partition advances") {
    worker_recovery recovery;
    recovery.note_failure(snapshots{{1, 5, 1, true}, {2, 50, 9, false}});
    CHECK_FALSE(recovery.recovers(snapshots{{1, 5, 2, true}, {2, 60, 10, false}}, 1s, idle_for));
    CHECK(recovery.recovers(snapshots{{1, 6, 2, false}, {2, 60, 10, false}}, 2s, idle_for));
  }

  TEST_CASE("a worker that failed at two partitions recovers when both advance") {
    worker_recovery recovery;
    recovery.note_failure(snapshots{{1, 5, 1, true}, {2, 50, 9, false}});
    recovery.note_failure(snapshots{{1, 5, 1, false}, {2, 50, 10, true}});
    CHECK_FALSE(recovery.recovers(snapshots{{1, 6, 2, false}, {2, 50, 11, true}}, 1s, idle_for));
    CHECK(recovery.recovers(snapshots{{1, 6, 2, false}, {2, 51, 11, false}}, 2s, idle_for));
  }

  TEST_CASE("a worker that failed between batches recovers when any partition advances") {
    worker_recovery recovery;
    recovery.note_failure(snapshots{{1, 5, 0, false}, {2, 50, 0, false}});
    CHECK_FALSE(recovery.recovers(snapshots{{1, 5, 1, true}, {2, 50, 0, false}}, 1s, idle_for));
    CHECK(recovery.recovers(snapshots{{1, 5, 1, true}, {2, 51, 1, false}}, 2s, idle_for));
  }

  TEST_CASE("a failed partition that was given up does not block the recovery") {
    worker_recovery recovery;
    recovery.note_failure(snapshots{{1, 5, 1, true}, {2, 50, 9, false}});
    CHECK(recovery.recovers(snapshots{{2, 50, 9, false}}, 1s, idle_for));
  }
}
