#include <ottla/kafka/consumer/ack_handle.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Keeps an ack_handle of each batch for the test.
struct putting_off {
  std::vector<ack_handle> handles;

  std::function<verdict(const assignment&, batch)> collect() {
    return [this](const assignment&, batch what) {
      handles.push_back(what.ack_later());
      return later();
    };
  }
};

struct acks_in_flight : group_stage {
  putting_off batches;

  /// Acknowledges two batches. The acknowledger hangs, and has not read the acknowledgements.
  caf::actor acknowledge_to_a_busy_acknowledger() {
    group().commit_interval = 1h;
    handlers->on_batch = batches.collect();
    open_with({zero});
    append(zero, 10);
    auto busy = named("acknowledger");
    time.hang(busy);
    batches.handles[1].ack();
    batches.handles[0].ack();
    return busy;
  }
};

} // namespace

TEST_SUITE("ack_handle") {
  TEST_CASE_FIXTURE(group_stage,
                    "an unacknowledged batch blocks the commit of later acknowledged batches") {
    putting_off batches;
    handlers->on_batch = batches.collect();
    open_with({zero});
    append(zero, 15);
    REQUIRE(batches.handles.size() == 3);
    batches.handles[2].ack();
    batches.handles[1].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "");
    batches.handles[0].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@15");
    CHECK(notes->saw("acknowledged t/0@15"));
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "the next batch is acknowledged as usual after a gap in the acknowledgements is closed") {
    putting_off batches;
    handlers->on_batch = batches.collect();
    open_with({zero});
    append(zero, 10);
    batches.handles[1].ack();
    batches.handles[0].ack();
    time.run();
    handlers->on_batch = nullptr;
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@15");
    CHECK(kafka->batches_alive == 0);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "acknowledging a later batch does not acknowledge an earlier deferred batch") {
    putting_off batches;
    handlers->on_batch = batches.collect();
    open_with({zero});
    append(zero, 5);
    handlers->on_batch = nullptr;
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "");
    batches.handles[0].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "ack handles acknowledge single messages and the beginning of a batch") {
    std::vector<ack_handle> single;
    ack_handle all;
    handlers->on_batch = [&](const assignment&, batch what) {
      for (std::size_t index = 0; index < what.size(); ++index)
        single.push_back(what.ack_later(index));
      all = what.ack_later();
      return later();
    };
    open_with({zero});
    append(zero, 5);
    all.ack_until(1);
    single[4].ack();
    single[3].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@2");
    single[2].ack();
    single[2].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(group_stage, "gaps in the log do not block acknowledgements") {
    std::vector<ack_handle> single;
    handlers->on_batch = [&](const assignment&, batch what) {
      for (std::size_t index = 0; index < what.size(); ++index)
        single.push_back(what.ack_later(index));
      return later();
    };
    open_with({zero});
    for (int count = 0; count < 3; ++count) {
      kafka->skip(zero, 4);
      append(zero, 1);
    }
    REQUIRE(single.size() == 3);
    for (auto each = single.rbegin(); each != single.rend(); ++each)
      each->ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@15");
  }

  TEST_CASE_FIXTURE(
    group_stage, "an ack_handle of a dead worker is void, and its messages are delivered again") {
    putting_off batches;
    handlers->on_batch = batches.collect();
    open_with({zero});
    append(zero, 5);
    kill_named("worker/t/0");
    batches.handles[0].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "");
    CHECK(handlers->lines.back() == "t/0[0..4]");
    REQUIRE(batches.handles.size() == 2);
    batches.handles[1].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a worker with a full window resumes when an acknowledgement makes room") {
    putting_off batches;
    handlers->on_batch = batches.collect();
    open_with({zero});
    append(zero, 50);
    CHECK(handlers->lines.back() == "t/0[15..19]");
    batches.handles[0].ack();
    time.run();
    CHECK(handlers->lines.back() == "t/0[20..24]");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "an ack_handle is void after a revoke, and messages are delivered again under a new lease") {
    putting_off batches;
    handlers->on_batch = batches.collect();
    open_with({zero});
    append(zero, 10);
    batches.handles[1].ack();
    time.run();
    kafka->take_back({zero});
    time.run();
    batches.handles[0].ack();
    time.run();
    give({zero});
    let_commit();
    CHECK(kafka->group[zero] == 0);
    CHECK(handlers->lines.back() == "t/0[5..9]");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "an ack_handle stays valid in a later generation if its partition stays assigned") {
    putting_off batches;
    handlers->on_batch = batches.collect();
    open_with({zero});
    append(zero, 5);
    give({one});
    CHECK(kafka->generation == 2);
    batches.handles[0].ack();
    time.run();
    let_commit();
    CHECK(kafka->group[zero] == 5);
    CHECK(handlers->happened() == "start t/0@0, t/0[0..4], start t/1@0");
  }

  TEST_CASE("a default-constructed ack_handle acknowledges nothing") {
    const ack_handle none;
    CHECK_NOTHROW(none.ack());
    CHECK_NOTHROW(none.ack_until(5));
    CHECK(none.first() == 0);
    CHECK(none.next() == 0);
  }

  TEST_CASE_FIXTURE(acks_in_flight, "a drain waits for acknowledgements in flight") {
    const auto busy = acknowledge_to_a_busy_acknowledger();
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "");
    time.wake(busy);
    time.run();
    CHECK(kafka->happened() == "commit t/0@10, unassign t/0");
  }

  TEST_CASE_FIXTURE(acks_in_flight, "a stop waits for acknowledgements in flight") {
    const auto busy = acknowledge_to_a_busy_acknowledger();
    request_exit(root, to_error(exit_reason::shutdown()));
    time.run();
    CHECK(kafka->happened() == "");
    time.wake(busy);
    time.run();
    CHECK(kafka->group[zero] == 10);
  }
}
