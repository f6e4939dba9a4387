// Stops of the application while a handler is in the middle of a message. The tests check whether
// the worker ends in an orderly way, and what the stop report contains.

#include <ottla/actors/server.hpp>
#include <ottla/kafka/consumer/handler.hpp>
#include <ottla/kafka/consumer/handler_process.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/supervision/application.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

using std::chrono::milliseconds;

/// Calls take_time() for each message. That function advances the time and runs the other
/// processes.
class slow_message_handler : public message_handler {
public:
  struct plan {
    std::vector<std::int64_t> seen;
    std::function<void()> take_time;
  };

  explicit slow_message_handler(std::shared_ptr<plan> by) : by_{std::move(by)} {}

  verdict handle(const message& one) override {
    by_->seen.push_back(one.offset());
    by_->take_time();
    return ack();
  }

private:
  std::shared_ptr<plan> by_;
};

/// A handler process that needs `time` for each batch.
class slow_process : public server {
public:
  slow_process(caf::actor_config& config, process_context context, milliseconds time)
    : server{config, std::move(context)}, time_{time} {}

private:
  void terminate(const exit_reason&) override { open_.reset(); }
  init_result init(handlers& on) override {
    on.call([this](const handle_batch&, caller<verdict> from) {
      open_ = std::move(from);
      cast_after(this, time_, ottla::test::be_ready{});
    });
    on.cast([this](ottla::test::be_ready) {
      if (auto from = std::exchange(open_, std::nullopt))
        from->reply(ack());
    });
    return {};
  }

  milliseconds time_;
  std::optional<caller<verdict>> open_;
};

struct times {
  milliseconds handle;
  milliseconds drain;
  milliseconds stop;
};

struct slow_stop : group_stage {
  const std::string worker_path = "app/c/group_supervisor/worker_supervisor/worker/t/0";
  std::shared_ptr<slow_message_handler::plan> plan = std::make_shared<slow_message_handler::plan>();
  /// Children that start before the connection, and so end after it.
  std::vector<child_spec> others;
  /// The result of the stop.
  stop_report report;
  std::chrono::nanoseconds took{};

  slow_stop() {
    settings.producing.reset();
    group().commit_interval = 1h;
  }
  ~slow_stop() { plan->take_time = nullptr; }

  /// Stops the application while a message handler handles the first of three messages.
  void stop_message_handler(const times& row) {
    plan->take_time = [this, handle = row.handle] { time.advance(handle); };
    group().handler = handler<slow_message_handler>(plan);
    stop_while_handling(row);
  }

  /// Stops the application while a handler process handles a batch of three messages.
  void stop_handler_process(const times& row) {
    const auto judge
      = start({.id = "judge", .start = ottla::start<slow_process>(row.handle)}).process;
    group().handler = handled_by([judge](const assignment&) { return process_ref{judge}; });
    stop_while_handling(row);
  }

  /// Stops the application once the handler has begun the first of three messages.
  void stop_while_handling(const times& row) {
    group().drain_within = row.drain;
    auto children = std::exchange(others, {});
    children.push_back(settings);
    application app{time.system(),
                    {.id = "app",
                     .children = std::move(children),
                     .observer = tree->observer,
                     .stop_within = row.stop}};
    kafka->offer({zero});
    time.run();
    // Wakes the worker before any process is asked to end.
    kafka->append(zero, 3);
    const auto before = time.now();
    report = app.stop();
    took = time.now() - before;
  }

  std::int64_t committed() const {
    const auto found = kafka->group.find(zero);
    return found == kafka->group.end() ? 0 : found->second;
  }

  /// Checks that the stop took the time of the handler and that no process was killed.
  void check_orderly(const times& row) const {
    CHECK(report);
    CHECK(took == row.handle);
    CHECK(count(process_event::kind::killed) == 0);
  }

  /// Checks that only the worker was killed and that no offset was committed.
  void check_lost_the_worker() const {
    CHECK_FALSE(report);
    CHECK(report.killed == std::vector<std::string>{worker_path});
    CHECK(report.unfinished.empty());
    CHECK(committed() == 0);
    CHECK(count(process_event::kind::killed) == 1);
  }
};

constexpr times in_order[] = {{6'500ms, 9'000ms, 10'000ms},
                              {7'500ms, 9'000ms, 10'000ms},
                              {4'000ms, 5'000ms, 6'000ms},
                              {1'500ms, 5'000ms, 2'000ms},
                              {15'000ms, 19'000ms, 20'000ms}};

constexpr times too_slow[] = {{12'000ms, 9'000ms, 10'000ms},
                              {9'600ms, 9'000ms, 10'000ms},
                              {3'000ms, 5'000ms, 2'000ms},
                              {12'000ms, 2'000ms, 10'000ms}};

} // namespace

TEST_SUITE("slow stop") {
  TEST_CASE(
    "a message that is handled within the stop's time is committed, and no process is killed") {
    for (const auto& row : in_order) {
      CAPTURE(row.handle.count());
      slow_stop on;
      on.stop_message_handler(row);
      on.check_orderly(row);
      CHECK(on.plan->seen == std::vector<std::int64_t>{0});
      CHECK(on.committed() == 1);
    }
  }

  TEST_CASE("a batch that a handler process answers within the stop's time is committed") {
    for (const auto& row : in_order) {
      CAPTURE(row.handle.count());
      slow_stop on;
      on.stop_handler_process(row);
      on.check_orderly(row);
      CHECK(on.committed() == 3);
    }
  }

  TEST_CASE("a message that is handled within the stop's time is committed even if an idle group "
            "ends later") {
    for (const auto& row : in_order) {
      CAPTURE(row.handle.count());
      slow_stop on;
      auto idle = on.settings;
      idle.name = "idle";
      idle.driver = std::make_shared<fake_driver>(std::make_shared<fake_kafka>());
      on.others.push_back(idle);
      on.stop_message_handler(row);
      // The worker may be killed while it handles the message, since the idle group has its share
      // of the stop's time too.
      CHECK(on.report);
      CHECK(on.took == row.handle);
      CHECK(on.committed() == 1);
    }
  }

  TEST_CASE("a message that is not handled in time is not committed, and the stop report names its "
            "worker once") {
    for (const auto& row : too_slow) {
      CAPTURE(row.handle.count());
      slow_stop on;
      on.stop_message_handler(row);
      on.check_lost_the_worker();
      CHECK(on.plan->seen == std::vector<std::int64_t>{0});
    }
  }

  TEST_CASE("a batch that a handler process does not answer in time is not committed, and its "
            "worker is reported") {
    for (const auto& row : too_slow) {
      CAPTURE(row.handle.count());
      slow_stop on;
      on.stop_handler_process(row);
      CHECK(on.took < row.stop);
      on.check_lost_the_worker();
      CHECK(on.report.left.empty());
    }
  }

  TEST_CASE("a worker whose handler returns just after the kill is not in the stop report") {
    slow_stop on;
    // The worker is killed after 8573 ms, and given up after 8742 ms.
    const times row{8'600ms, 9'000ms, 10'000ms};
    on.stop_message_handler(row);
    CHECK(on.count(process_event::kind::killed) == 1);
    CHECK(on.committed() == 1);
    CHECK(on.report.killed.empty());
    CHECK(on.report);
  }
}
