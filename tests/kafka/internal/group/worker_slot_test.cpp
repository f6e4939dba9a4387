#include <ottla/kafka/internal/group/worker_slot.hpp>

#include "support/child_specs.hpp"
#include "support/fake_driver.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;

namespace {

/// A slot, and states of partitions with three messages each.
struct slotted {
  state_ptr state(std::int32_t partition) {
    const topic_partition where{"t", partition};
    auto made = std::make_shared<partition_state>(
      where, 1, 0, std::make_unique<fake_queue>(kafka, where, 0), epochs, 100);
    kafka->append(where, 3);
    return made;
  }

  /// Adds the partitions to the current and the wanted states.
  void assign(std::initializer_list<std::int32_t> partitions) {
    for (const auto partition : partitions) {
      slot.current.push_back(state(partition));
      slot.wanted.emplace(slot.current.back()->where(), slot.current.back());
    }
  }

  /// Takes a batch and does not answer it.
  static void take_from(const state_ptr& from) {
    const auto terms = from->lease([] {});
    REQUIRE(terms);
    REQUIRE(from->take(terms->epoch, 10));
  }

  /// Brings the slot to the stage by the events that lead to it.
  void reach(worker_stage stage) {
    if (stage == worker_stage::none)
      return;
    slot.began_start(1, worker_slot::outcome_source::start_answer, slot.current);
    if (stage == worker_stage::starting)
      return;
    slot.came_up({});
    if (stage == worker_stage::draining)
      slot.began_drain();
    else if (stage == worker_stage::ending)
      slot.began_end();
  }

  std::shared_ptr<fake_kafka> kafka = std::make_shared<fake_kafka>();
  std::shared_ptr<epoch_source> epochs = std::make_shared<epoch_source>();
  worker_slot slot{{}};
};

} // namespace

TEST_SUITE("worker_slot") {
  TEST_CASE("next_step() makes the process match the wanted partitions") {
    using enum worker_stage;
    /// The wanted partitions, compared with the partitions of the process.
    enum class wants : std::uint8_t { nothing, same, other };
    enum class start_time : std::uint8_t { reached, ahead };
    enum class timer : std::uint8_t { unset, set };
    enum class manager : std::uint8_t { runs, stops };
    struct row {
      worker_stage stage;
      wants wanted;
      worker_step step;
      start_time earliest = start_time::reached;
      timer wait = timer::unset;
      manager of = manager::runs;
    };
    static constexpr auto ahead = start_time::ahead;
    static constexpr auto reached = start_time::reached;
    static constexpr row table[] = {
      {none, wants::nothing, worker_step::erase},
      {none, wants::nothing, worker_step::erase, ahead, timer::set},
      {none, wants::nothing, worker_step::erase, reached, timer::unset, manager::stops},
      {none, wants::other, worker_step::start},
      {none, wants::other, worker_step::set_timer, ahead},
      {none, wants::other, worker_step::none, ahead, timer::set},
      {none, wants::other, worker_step::none, reached, timer::set},
      {none, wants::other, worker_step::none, reached, timer::unset, manager::stops},
      {none, wants::other, worker_step::none, ahead, timer::unset, manager::stops},
      {starting, wants::nothing, worker_step::none},
      {starting, wants::same, worker_step::none},
      {starting, wants::other, worker_step::none},
      {up, wants::nothing, worker_step::drain},
      {up, wants::same, worker_step::none},
      {up, wants::same, worker_step::none, reached, timer::unset, manager::stops},
      {up, wants::other, worker_step::drain},
      {up, wants::other, worker_step::drain, ahead, timer::set},
      {up, wants::nothing, worker_step::drain, reached, timer::unset, manager::stops},
      {draining, wants::nothing, worker_step::none},
      {draining, wants::same, worker_step::none},
      {draining, wants::other, worker_step::none},
      {ending, wants::nothing, worker_step::none},
      {ending, wants::same, worker_step::none},
      {ending, wants::other, worker_step::none},
    };
    for (std::size_t which = 0; which < std::size(table); ++which) {
      CAPTURE(which);
      const auto& row = table[which];
      slotted of;
      if (row.stage != none)
        of.slot.current.push_back(of.state(0));
      of.reach(row.stage);
      REQUIRE(of.slot.stage() == row.stage);
      if (row.wanted == wants::same)
        of.slot.wanted.emplace(topic_partition{"t", 0}, of.slot.current.front());
      else if (row.wanted == wants::other)
        of.slot.wanted.emplace(topic_partition{"t", 1}, of.state(1));
      of.slot.earliest_start = 10s;
      if (row.wait == timer::set)
        of.slot.timer_set();
      const auto now = row.earliest == ahead ? 9s : 10s;
      CHECK(of.slot.next_step(now, row.of == manager::stops) == row.step);
    }
  }

  TEST_CASE_FIXTURE(slotted, "a slot starts its worker after its timer has expired") {
    const auto wanted = state(0);
    slot.wanted.emplace(wanted->where(), wanted);
    slot.earliest_start = 10s;
    slot.timer_set();
    CHECK(slot.next_step(10s, false) == worker_step::none);
    slot.timer_expired();
    CHECK(slot.next_step(10s, false) == worker_step::start);
  }

  TEST_CASE_FIXTURE(slotted,
                    "a slot sets its timer again if the earliest start moved while the timer ran") {
    const auto wanted = state(0);
    slot.wanted.emplace(wanted->where(), wanted);
    slot.timer_set();
    slot.earliest_start = 20s;
    slot.timer_expired();
    CHECK(slot.next_step(10s, false) == worker_step::set_timer);
  }

  TEST_CASE_FIXTURE(slotted, "a worker that ended leaves a slot that starts a replacement") {
    assign({0, 1});
    reach(worker_stage::up);
    take_from(slot.current[1]);
    slot.process_ended();
    CHECK(slot.stage() == worker_stage::none);
    CHECK(slot.current.empty());
    CHECK(slot.failed_at == topic_partition{"t", 1});
    CHECK(slot.next_step({}, false) == worker_step::start);
  }

  TEST_CASE_FIXTURE(slotted, "a new start clears in_start_since of the previous start") {
    slot.in_start_since = 5s;
    slot.began_start(7, worker_slot::outcome_source::child_list, {});
    CHECK(slot.start_number == 7);
    CHECK(slot.outcome_from == worker_slot::outcome_source::child_list);
    CHECK_FALSE(slot.in_start_since);
  }

  TEST_CASE_FIXTURE(slotted, "a slot is up to date if its process has exactly the wanted states") {
    assign({0, 1});
    CHECK(slot.is_up_to_date());
    std::swap(slot.current[0], slot.current[1]);
    CHECK(slot.is_up_to_date());
  }

  TEST_CASE_FIXTURE(slotted, "a slot that wants no partition is never up to date") {
    CHECK_FALSE(slot.is_up_to_date());
    slot.current.push_back(state(0));
    CHECK_FALSE(slot.is_up_to_date());
  }

  TEST_CASE_FIXTURE(slotted,
                    "a slot is outdated if a partition is missing, additional or exchanged") {
    assign({0, 1});
    const auto removed = slot.current.back();
    slot.current.pop_back();
    CHECK_FALSE(slot.is_up_to_date());
    slot.current.push_back(removed);
    slot.wanted.erase({"t", 1});
    CHECK_FALSE(slot.is_up_to_date());
    const auto other = state(2);
    slot.wanted.emplace(other->where(), other);
    CHECK_FALSE(slot.is_up_to_date());
  }

  TEST_CASE_FIXTURE(slotted, "a new assignment of the same partition makes a slot outdated, since "
                             "each assignment has its own state") {
    assign({0});
    slot.wanted.clear();
    kafka->queues.clear();
    const auto again = state(0);
    slot.wanted.emplace(again->where(), again);
    CHECK_FALSE(slot.is_up_to_date());
  }

  TEST_CASE_FIXTURE(slotted, "note_work() returns the time of its first call during a batch, or "
                             "during the end of a handler") {
    ottla::test::stage on;
    on.start(on.child("w"));
    const auto worker = on.process("w");
    assign({0, 1});
    slot.began_start(1, worker_slot::outcome_source::start_answer, slot.current);
    slot.came_up(worker);
    const auto progress = std::make_shared<lease_progress>();
    const auto epoch = slot.current[1]->lease([] {}, worker.id(), progress).value().epoch;
    CHECK_FALSE(slot.note_work(1s));
    REQUIRE(slot.current[1]->take(epoch, 10));
    CHECK(slot.note_work(2s) == 2s);
    CHECK(slot.note_work(3s) == 2s);
    progress->end_batch();
    CHECK_FALSE(slot.note_work(4s));
    SUBCASE("the worker drains") {
      slot.began_drain();
    }
    SUBCASE("the worker was killed") {
      slot.current[1]->begin_end_of_handler(epoch);
    }
    CHECK(slot.note_work(5s) == 5s);
    CHECK(slot.note_work(6s) == 5s);
  }

  TEST_CASE_FIXTURE(slotted,
                    "the failed partition is the partition whose batch the worker was handling") {
    assign({0, 1, 2});
    slot.note_failed_partition();
    CHECK_FALSE(slot.failed_at);
    take_from(slot.current[1]);
    slot.note_failed_partition();
    CHECK(slot.failed_at == topic_partition{"t", 1});
  }

  TEST_CASE_FIXTURE(slotted, "the failed partition is the partition whose failure the driver "
                             "reported") {
    assign({0, 1});
    kafka->fail_partition({"t", 0}, {.code = errc::not_authorized});
    take_from(slot.current[0]);
    slot.current[0]->end_lease();
    slot.note_failed_partition();
    CHECK(slot.failed_at == topic_partition{"t", 0});
  }

  TEST_CASE_FIXTURE(slotted,
                    "a slot keeps its failed partition if the next worker ends between batches") {
    assign({0, 1});
    slot.failed_at = topic_partition{"t", 1};
    slot.note_failed_partition();
    CHECK(slot.failed_at == topic_partition{"t", 1});
  }

  TEST_CASE_FIXTURE(slotted, "a replacement starts with the partition after the failed partition") {
    assign({0, 1, 2});
    CHECK(slot.first_turn() == 0);
    slot.failed_at = topic_partition{"t", 0};
    CHECK(slot.first_turn() == 1);
    slot.failed_at = topic_partition{"t", 1};
    CHECK(slot.first_turn() == 2);
  }

  TEST_CASE_FIXTURE(slotted,
                    "a replacement starts with the first partition if the failed partition "
                    "was the last") {
    assign({0, 1});
    slot.failed_at = topic_partition{"t", 1};
    CHECK(slot.first_turn() == 0);
    slot.failed_at = topic_partition{"u", 0};
    CHECK(slot.first_turn() == 0);
  }

  TEST_CASE_FIXTURE(slotted, "a replacement starts with the next partition if the failed partition "
                             "was revoked") {
    assign({0, 2});
    slot.failed_at = topic_partition{"t", 1};
    CHECK(slot.first_turn() == 1);
  }

  TEST_CASE_FIXTURE(slotted,
                    "wanted_states() returns the states in the order of their partition numbers") {
    assign({2, 0, 1});
    const auto states = slot.wanted_states();
    REQUIRE(states.size() == 3);
    for (std::int32_t partition = 0; partition < 3; ++partition)
      CHECK(states[static_cast<std::size_t>(partition)]->where().partition == partition);
  }

  TEST_CASE_FIXTURE(slotted, "snapshots() shows for each partition whether a batch is being "
                             "handled, and the acknowledged offset") {
    assign({0, 1});
    const auto terms = slot.current[0]->lease([] {});
    REQUIRE(slot.current[0]->take(terms.value().epoch, 2));
    REQUIRE(slot.current[0]->acknowledge_in_order(terms->epoch, 0, 2));
    const auto snapshots = worker_slot::snapshots(slot.current);
    REQUIRE(snapshots.size() == 2);
    CHECK(snapshots[0].in_hand);
    CHECK(snapshots[0].batches == 1);
    CHECK(snapshots[0].acknowledged == 2);
    CHECK(snapshots[0].number == slot.current[0]->number());
    CHECK_FALSE(snapshots[1].in_hand);
    CHECK(snapshots[1].batches == 0);
    CHECK(snapshots[1].acknowledged == 0);
    CHECK(snapshots[0].number != snapshots[1].number);
  }
}
