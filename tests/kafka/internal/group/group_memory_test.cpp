// How the connection's memory_bytes limits the driver and the partitions.

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <cstddef>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr std::size_t mib = 1024 * 1024;
constexpr std::size_t message_bytes = 64 * 1024;

struct memory_stage : group_stage {
  memory_stage() {
    group().batch_size = 1;
    group().max_unacknowledged = 1'000;
    handlers->on_batch = [](const assignment&, batch) { return no_ack(); };
  }

  /// How many bytes the driver may fetch ahead if the group has `memory_bytes`.
  static std::size_t prefetch_with(std::size_t memory_bytes) {
    memory_stage fresh;
    fresh.group().memory_bytes = memory_bytes;
    fresh.open();
    CHECK(fresh.kafka->opened_with.memory.bytes_each == 0);
    return fresh.kafka->opened_with.memory.shared_bytes;
  }

  /// How many bytes of messages are delivered and unacknowledged in all handlers together, if the
  /// group has `memory_bytes` and `partitions` partitions hold a backlog.
  static std::size_t delivered_with(std::size_t memory_bytes, int partitions) {
    memory_stage fresh;
    fresh.group().memory_bytes = memory_bytes;
    fresh.kafka->partitions["t"] = partitions;
    std::vector<topic_partition> all;
    for (int number = 0; number < partitions; ++number)
      all.push_back({"t", number});
    fresh.open_with(all);
    for (const auto& each : all) {
      fresh.kafka->append_sized(each, 200, message_bytes);
      fresh.time.run();
    }
    return fresh.kafka->batches_alive * message_bytes;
  }
};

} // namespace

TEST_SUITE("memory budget") {
  TEST_CASE(
    "the driver prefetches less than memory_bytes, and the prefetch grows with memory_bytes") {
    CHECK(memory_stage::prefetch_with(4 * mib) < 4 * mib);
    CHECK(memory_stage::prefetch_with(64 * mib) > memory_stage::prefetch_with(4 * mib));
  }

  TEST_CASE_FIXTURE(memory_stage,
                    "each partition adds to the prefetch budget if memory_bytes is not set") {
    open();
    CHECK(kafka->opened_with.memory.bytes_each > 0);
  }

  TEST_CASE(
    "unacknowledged messages stay within memory_bytes, and their number grows with memory_bytes") {
    const auto few = memory_stage::delivered_with(2 * mib, 1);
    CHECK(few >= message_bytes);
    CHECK(few <= 2 * mib);
    const auto many = memory_stage::delivered_with(8 * mib, 1);
    CHECK(many > few);
    CHECK(many <= 8 * mib);
  }

  TEST_CASE("the unacknowledged messages of all partitions together stay within memory_bytes") {
    CHECK(memory_stage::delivered_with(8 * mib, 4) <= 8 * mib);
    CHECK(memory_stage::delivered_with(8 * mib, 8) <= 8 * mib);
  }

  TEST_CASE_FIXTURE(memory_stage,
                    "a partition with a full window resumes once its messages are acknowledged") {
    group().memory_bytes = 2 * mib;
    bool acknowledges = false;
    handlers->on_batch
      = [&](const assignment&, batch) { return acknowledges ? ack() : carry_on(); };
    open_with({zero});
    kafka->append_sized(zero, 100, message_bytes);
    time.run();
    const auto handled = handlers->lines.size();
    CHECK(handled < 100);
    acknowledges = true;
    kill_named("worker/t/0");
    time.run();
    CHECK(handlers->lines.back() == "t/0[99..99]");
  }
}
