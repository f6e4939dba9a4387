// A handler that does not return: its lease ends, and another worker resumes the partition.

#include <ottla/kafka/health.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <optional>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

class silent_process : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;
  caf::behavior make_behavior() override {
    return {[this](const handle_batch&) {
      open.push_back(make_response_promise());
      return caf::result<verdict>{open.back()};
    }};
  }
  // Each promise holds references to the caller and to this process.
  void on_exit() override { open.clear(); }
  std::vector<caf::response_promise> open;
};

class quick_process : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;
  caf::behavior make_behavior() override {
    return {[](const handle_batch&) { return ack(); }};
  }
};

/// Handles batches one after the other, 4 s each, until `hangs` is set. Never answers batches of
/// the partition `skips`.
class slow_process : public caf::event_based_actor {
public:
  slow_process(caf::actor_config& config, std::shared_ptr<bool> hangs,
               std::optional<topic_partition> skips)
    : caf::event_based_actor{config}, hangs_{std::move(hangs)}, skips_{std::move(skips)} {}

  caf::behavior make_behavior() override {
    return {
      [this](const handle_batch& what) {
        open_.push_back(make_response_promise());
        from_.push_back(what.lease->where);
        if (open_.size() == 1)
          cast_after(this, 4s, tick{});
        return caf::result<verdict>{open_.back()};
      },
      [this](tick) { answer(); },
    };
  }
  void on_exit() override {
    open_.clear();
    skipped_.clear();
  }

private:
  void answer() {
    if (*hangs_)
      return;
    if (from_.front() == skips_)
      skipped_.push_back(open_.front());
    else
      open_.front().deliver(ack());
    open_.pop_front();
    from_.pop_front();
    if (!open_.empty())
      cast_after(this, 4s, tick{});
  }

  std::deque<caf::response_promise> open_;
  std::deque<topic_partition> from_;
  std::vector<caf::response_promise> skipped_;
  std::shared_ptr<bool> hangs_;
  std::optional<topic_partition> skips_;
};

/// The first worker of t/0 uses a process that never answers. All other workers use a process that
/// acknowledges at once.
struct hanging : group_stage {
  caf::actor silent = caf::actor_cast<caf::actor>(time.system().spawn<silent_process>());
  caf::actor quick = caf::actor_cast<caf::actor>(time.system().spawn<quick_process>());
  bool was_silent = false;

  hanging() {
    group().handle_within = 10s;
    group().handler = handled_by([this](const assignment& lease) {
      return process_ref{lease.where == zero && !std::exchange(was_silent, true) ? silent : quick};
    });
  }

  ~hanging() {
    kill(silent);
    kill(quick);
    time.run();
  }
};

/// Four partitions whose workers share a process that needs 4 s for a batch.
struct sharing : group_stage {
  const std::vector<topic_partition> all{{"t", 0}, {"t", 1}, {"t", 2}, {"t", 3}};
  std::shared_ptr<bool> hangs = std::make_shared<bool>(false);
  caf::actor slow;

  void open_all(std::optional<topic_partition> skips = std::nullopt) {
    slow = caf::actor_cast<caf::actor>(time.system().spawn<slow_process>(hangs, skips));
    kafka->partitions["t"] = 4;
    group().handle_within = 10s;
    group().handler = handled_by(process_ref{slow});
    open_with(all);
    for (const auto& each : all)
      append(each, 1);
  }
  ~sharing() {
    kill(slow);
    time.run();
  }

  std::ptrdiff_t replaced() const {
    return std::ranges::count_if(
      notes->lines, [](const std::string& line) { return line.starts_with("failed timed_out: "); });
  }
};

} // namespace

TEST_SUITE("hanging handler") {
  TEST_CASE_FIXTURE(sharing,
                    "a slow handler process that answers batches in turn does not count as hung") {
    open_all();
    time.advance(20s);
    CHECK(replaced() == 0);
    CHECK(std::ranges::count_if(notes->lines,
                                [](const auto& line) { return line.starts_with("acknowledged"); })
          == 4);
  }

  TEST_CASE_FIXTURE(sharing,
                    "all workers whose batches a hung handler process holds are replaced") {
    open_all();
    time.advance(5s);
    *hangs = true;
    time.advance(8s);
    CHECK(replaced() == 0);
    time.advance(2s);
    CHECK(replaced() == 3);
  }

  TEST_CASE_FIXTURE(sharing, "a worker is replaced if its handler process never answers its batch, "
                             "even if other batches are answered") {
    open_all(zero);
    for (int i = 0; i < 12; ++i) {
      time.advance(3s);
      append(one, 1);
    }
    CHECK(replaced() == 0);
    time.advance(7s);
    CHECK(replaced() == 1);
  }

  TEST_CASE_FIXTURE(
    hanging, "the replacement of a hung worker handles the worker's other partitions first") {
    const topic_partition other{"u", 0};
    group().topics = {"t", "u"};
    group().allocation = worker_allocation::per_partition;
    kafka->append(zero, 2);
    kafka->append(other, 2);
    open_with({zero, other});
    time.advance(9s);
    notes->lines.clear();
    time.advance(11s);
    std::erase_if(notes->lines, [](const auto& line) { return !line.starts_with("acknowledged"); });
    CHECK(notes->lines == std::vector<std::string>{"acknowledged u/0@2", "acknowledged t/0@2"});
  }

  TEST_CASE_FIXTURE(hanging,
                    "a hung handler is reported and replaced, and its batch is delivered again") {
    open_with({zero, one});
    const auto stuck = worker(zero);
    append(zero, 3);
    time.advance(9s);
    CHECK(worker(zero) == stuck);
    CHECK(health() == "healthy");
    time.advance(2s);
    REQUIRE(worker(zero));
    CHECK(worker(zero) != stuck);
    CHECK(std::ranges::any_of(notes->lines, [](const std::string& line) {
      return line.starts_with("failed timed_out: t/0: the handler has held the batch from offset "
                              "0 for more than 10000ms");
    }));
    CHECK(health().find("stalled: worker/t/0: t/0: the handler has held") == 0);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3");
    // The replacement has acknowledged messages, so its short run time does not matter.
    CHECK(health() == "healthy");
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(hanging, "a hung worker that cannot be killed loses its lease and its name") {
    open_with({zero, one});
    const auto stuck = worker(zero);
    append(zero, 3);
    time.hang(stuck);
    append(one, 2);
    time.advance(30s);
    REQUIRE(worker(zero));
    CHECK(worker(zero) != stuck);
    CHECK(count(process_event::kind::fenced) == 1);
    append(zero, 1);
    let_commit();
    CHECK(kafka->group[zero] == 4);
    CHECK(kafka->group[one] == 2);
    time.wake(stuck);
    time.advance(1min);
    CHECK(kafka->group[zero] == 4);
    CHECK(worker(zero) != stuck);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(
    hanging, "a new group manager clears the health of a hung worker once the replacement works") {
    open_with({zero});
    const auto stuck = worker(zero);
    append(zero, 3);
    time.hang(stuck);
    time.advance(11s);
    CHECK(health().find("stalled: worker/t/0: t/0: the handler has held") == 0);
    kill_named("group_manager");
    time.advance(30s);
    REQUIRE(worker(zero));
    CHECK(worker(zero) != stuck);
    CHECK(health() == "healthy");
    time.wake(stuck);
    time.run();
  }

  TEST_CASE_FIXTURE(hanging, "a hung handler delays a revoke by drain_within at most") {
    group().drain_within = 2s;
    open_with({zero, one});
    append(zero, 3);
    time.hang(worker(zero));
    kafka->asked.clear();
    kafka->take_back({zero});
    time.advance(2s);
    CHECK(kafka->happened() == "unassign t/0");
    give({zero});
    time.advance(10s);
    let_commit();
    CHECK(kafka->group[zero] == 3);
  }

  TEST_CASE_FIXTURE(
    hanging,
    "a new group manager ends a hung worker whose partition was lost while no manager lived") {
    open_with({zero, one});
    const auto stuck = worker(zero);
    append(zero, 3);
    time.hang(stuck);
    kill(named("group_manager"));
    kafka->take_back({zero}, true);
    time.run();
    kafka->asked.clear();
    SUBCASE("the revoke of another partition ends at once") {
      time.advance(10s);
      kafka->take_back({one});
      time.run();
      CHECK(kafka->happened() == "unassign t/1");
    }
    SUBCASE("the partition gets a new worker when it is assigned again") {
      give({zero});
      time.advance(10s);
      REQUIRE(worker(zero));
      CHECK(worker(zero) != stuck);
      let_commit();
      CHECK(kafka->group[zero] == 3);
    }
    CHECK(count(process_event::kind::fenced) == 1);
    time.wake(stuck);
    time.run();
  }

  TEST_CASE_FIXTURE(hanging,
                    "a hung handler is replaced while its worker drains for an added partition") {
    group().topics = {"t", "u"};
    group().allocation = worker_allocation::per_partition;
    open_with({zero});
    append(zero, 3);
    give({{"u", 0}});
    time.advance(9s);
    CHECK(kafka->group[zero] == 0);
    time.advance(3s);
    let_commit();
    CHECK(kafka->group[zero] == 3);
    append({"u", 0}, 2);
    let_commit();
    CHECK(kafka->group[{"u", 0}] == 2);
  }

  TEST_CASE_FIXTURE(hanging, "a handler may take a day for a message if handle_within is 0") {
    group().handle_within = 0ms;
    open_with({zero});
    const auto before = worker(zero);
    append(zero, 1);
    time.advance(24h);
    CHECK(worker(zero) == before);
  }

  TEST_CASE_FIXTURE(hanging, "if a worker hangs while it drains because a partition was added, its "
                             "replacement handles both partitions") {
    const topic_partition other{"u", 0};
    group().topics = {"t", "u"};
    group().allocation = worker_allocation::per_partition;
    open_with({zero});
    append(zero, 3);
    give({other});
    append(other, 2);
    time.advance(15s);
    CHECK(kafka->group[zero] == 3);
    CHECK(kafka->group[other] == 2);
  }

  TEST_CASE_FIXTURE(hanging,
                    "a worker that hangs after its last batch, when a partition was added, "
                    "is reported and replaced") {
    const topic_partition other{"u", 0};
    group().topics = {"t", "u"};
    group().allocation = worker_allocation::per_partition;
    open_with({zero});
    const auto stuck = named("worker/0");
    time.hang(stuck); // For example in the destructor of its handler.
    give({other});
    append(zero, 3);
    append(other, 2);
    time.advance(9s);
    CHECK(named("worker/0") == stuck);
    time.advance(6s);
    REQUIRE(named("worker/0"));
    CHECK(named("worker/0") != stuck);
    CHECK(std::ranges::count(notes->lines,
                             "failed timed_out: t/0: the handler has not been destroyed for "
                             "more than 10000ms after its last batch; replacing the worker")
          == 1);
    let_commit();
    CHECK(kafka->group[zero] == 3);
    CHECK(kafka->group[other] == 2);
  }

  TEST_CASE_FIXTURE(hanging, "a hung worker of a revoked partition ends even if the group manager "
                             "restarts before the last commit") {
    group().handle_within = 0ms;
    group().commit_interval = 1h;
    open_with({zero, one});
    append(one, 2);
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->take_back({zero, one});
    time.advance(group().drain_within);
    CHECK(kafka->happened() == "commit t/1@2");
    kill_named("group_manager");
    time.advance(5s);
    CHECK_FALSE(worker(zero));
    kafka->commits = {};
    give({zero});
    append(zero, 1);
    let_commit();
    CHECK(kafka->group[zero] == 4);
  }
}
