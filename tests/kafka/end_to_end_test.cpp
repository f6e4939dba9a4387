// Kills processes of a real connection on the embedded cluster, and checks that no message is lost.

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/application.hpp>

#include "kafka/internal/driver/event_pump.hpp"
#include "support/quick_group.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Counts how often each offset was handled. Keeps the committed offset of each partition.
class deliveries : public observer {
public:
  void see(const assignment& by, batch what) {
    const std::lock_guard lock{guard_};
    auto& mine = of_[what.from()];
    for (const auto& one : what) {
      CHECK(std::to_string(one.offset()) == one.value());
      if (mine.by_epoch != by.epoch)
        mine = {by.epoch, one.offset(), std::move(mine.times), mine.committed};
      out_of_order_ += one.offset() != mine.expected;
      mine.expected = one.offset() + 1;
      if (++mine.times[one.offset()] == 1)
        ++distinct_;
      else
        ++repeated_;
    }
    changed_.notify_all();
  }

  void committed(const topic_partition& where, std::int64_t next) override {
    const std::lock_guard lock{guard_};
    of_[where].committed = next;
    changed_.notify_all();
  }

  void assigned(std::int32_t, std::span<const topic_partition>) override { ++assignments; }

  bool wait_for(std::size_t distinct) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, 30s, [&] { return distinct_ >= distinct; });
  }

  /// Waits until both partitions are committed up to `next`.
  bool wait_for_commit(std::size_t next) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, 30s, [&] {
      return std::ranges::count_if(of_,
                                   [&](const auto& one) {
                                     return one.second.committed == static_cast<std::int64_t>(next);
                                   })
             == 2;
    });
  }

  std::int64_t committed_of(const topic_partition& where) {
    const std::lock_guard lock{guard_};
    return of_[where].committed;
  }

  std::size_t distinct() { return read(distinct_); }
  std::size_t repeated() { return read(repeated_); }
  std::size_t out_of_order() { return read(out_of_order_); }
  std::atomic<int> assignments = 0;

private:
  struct partition {
    std::uint64_t by_epoch = 0;
    std::int64_t expected = 0;
    std::map<std::int64_t, int> times;
    std::int64_t committed = -1;
  };

  std::size_t read(const std::size_t& figure) {
    const std::lock_guard lock{guard_};
    return figure;
  }

  std::mutex guard_;
  std::condition_variable changed_;
  std::map<topic_partition, partition> of_;
  std::size_t distinct_ = 0;
  std::size_t repeated_ = 0;
  std::size_t out_of_order_ = 0;
};

class noting_handler : public batch_handler {
public:
  noting_handler(std::shared_ptr<deliveries> into, std::shared_ptr<std::atomic<int>> throw_each)
    : into_{std::move(into)}, throw_each_{std::move(throw_each)} {}

  void start(const assignment& what) override { mine_ = what; }

  verdict handle(batch messages) override {
    into_->see(mine_, messages);
    if (const int each = *throw_each_; each != 0 && ++turn_ % each == 0)
      throw std::runtime_error{"now and then"};
    return ack();
  }

private:
  std::shared_ptr<deliveries> into_;
  std::shared_ptr<std::atomic<int>> throw_each_;
  assignment mine_;
  int turn_ = 0;
};

/// At the sixth message, waits until the group requests a drain.
class waiting_handler : public message_handler {
public:
  explicit waiting_handler(std::shared_ptr<std::atomic<int>> handled)
    : handled_{std::move(handled)} {}

  verdict handle(const message&) override {
    const auto until = steady::now() + 30s;
    if (++*handled_ == 6)
      while (!drain_requested() && steady::now() < until)
        std::this_thread::yield();
    return ack();
  }

private:
  std::shared_ptr<std::atomic<int>> handled_;
};

/// Like waiting_handler, but handles whole batches.
class waiting_batch_handler : public batch_handler {
public:
  explicit waiting_batch_handler(std::shared_ptr<std::atomic<int>> handled)
    : handled_{std::move(handled)} {}

  verdict handle(batch messages) override {
    // The broker's first response may hold fewer than six messages.
    if (messages.back().offset() < 5)
      return ack();
    const auto until = steady::now() + 30s;
    *handled_ = 6;
    while (!messages.drain_requested() && steady::now() < until)
      std::this_thread::yield();
    return ack_until(5);
  }

private:
  std::shared_ptr<std::atomic<int>> handled_;
};

struct running_group {
  embedded_cluster cluster{{.topics = {{"t", 2}}}};
  std::shared_ptr<driver> kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
  std::shared_ptr<deliveries> seen = std::make_shared<deliveries>();
  std::shared_ptr<std::atomic<int>> throw_each = std::make_shared<std::atomic<int>>(0);
  std::size_t stored = 0;
  std::optional<application> app;

  void start() {
    auto group = quick_group(handler<noting_handler>(seen, throw_each));
    group.batch_size = 50;
    app.emplace(application_spec{
      .id = "test",
      .restarts = {.at_most = 100, .within = 1h},
      .children = {connection{.name = "c",
                              .brokers = cluster.brokers(),
                              .producing = producer_settings{},
                              .group_consumer = std::move(group),
                              .restarts = {.at_most = 100, .within = 1h},
                              .observer = seen}},
    });
  }

  /// Stores messages in both partitions. Each value is the message's offset.
  void store_more(std::size_t count) {
    for (int partition = 0; partition < 2; ++partition)
      store(*kafka, "t", numbered(count, stored), partition);
    stored += count;
  }

  void kill_named(const std::string& name) {
    const auto victim = app->names()->whereis("c/" + name);
    CHECK_MESSAGE(victim, name);
    kill(victim);
  }
};

} // namespace

TEST_SUITE("end to end" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(running_group,
                    "no message is lost when nine processes of a connection are killed in turn") {
    start();
    store_more(200);
    REQUIRE(seen->wait_for(2 * stored));
    // All other processes deliver messages or track acknowledgements, so their deaths may cause
    // redelivery.
    const std::set<std::string> harmless{"registry", "producer", "group_manager"};
    for (const std::string victim :
         {"registry", "producer", "worker/t/0", "group_manager", "worker_supervisor",
          "acknowledger", "worker/t/1", "coordinator"}) {
      CAPTURE(victim);
      REQUIRE(seen->wait_for_commit(stored));
      const auto before = seen->repeated();
      store_more(200);
      kill_named(victim);
      store_more(200);
      REQUIRE(seen->wait_for(2 * stored));
      CHECK(seen->repeated() - before <= (harmless.contains(victim) ? 0 : 2 * 400));
    }
    CHECK(app->stop());
    CHECK(seen->distinct() == 2 * stored);
    CHECK(seen->out_of_order() == 0);
    // Only the coordinator's death causes a rebalance.
    CHECK(seen->assignments == 2);
    for (int partition = 0; partition < 2; ++partition)
      CHECK(seen->committed_of({"t", partition}) == static_cast<std::int64_t>(stored));
    MESSAGE("lost 0, repeated " << seen->repeated() << " of " << 2 * stored);
  }

  TEST_CASE_FIXTURE(running_group,
                    "handlers that throw occasionally still handle every message in order") {
    *throw_each = 5;
    start();
    for (int i = 0; i < 10; ++i)
      store_more(300);
    REQUIRE(seen->wait_for(2 * stored));
    *throw_each = 0;
    CHECK(app->stop());
    CHECK(seen->out_of_order() == 0);
    CHECK(seen->assignments == 1);
  }

  TEST_CASE_FIXTURE(running_group, "a killed connection restarts, and no message is lost") {
    start();
    store_more(300);
    REQUIRE(seen->wait_for(2 * stored));
    kill(app->tree().value().children.at(0).process);
    store_more(300);
    REQUIRE(seen->wait_for(2 * stored));
    CHECK(app->stop());
    CHECK(seen->committed_of({"t", 0}) == static_cast<std::int64_t>(stored));
  }

  TEST_CASE_FIXTURE(running_group,
                    "a stop while handlers run commits exactly the handled messages") {
    start();
    store_more(5'000);
    REQUIRE(seen->wait_for(100));
    CHECK(app->stop());
    const auto zero = seen->committed_of({"t", 0});
    const auto one = seen->committed_of({"t", 1});
    CHECK(std::max<std::int64_t>(zero, 0) + std::max<std::int64_t>(one, 0)
          == static_cast<std::int64_t>(seen->distinct()));
    // The next member handles each remaining message once and repeats no earlier message.
    start();
    REQUIRE(seen->wait_for(2 * stored));
    CHECK(seen->repeated() == 0);
    CHECK(app->stop());
  }

  TEST_CASE_FIXTURE(
    running_group,
    "a connection that is stopped before it joins the group ends within two seconds") {
    start();
    const auto before = steady::now();
    CHECK(app->stop());
    CHECK(steady::now() - before < 2s);
  }

  TEST_CASE_FIXTURE(
    running_group,
    "a stop waits only for the current message, with detached and with scheduled handlers") {
    const auto handled = std::make_shared<std::atomic<int>>(0);
    group_handler handles = handler<waiting_handler>(handled);
    auto where = execution::detached;
    SUBCASE("a detached message handler") {}
    SUBCASE("a scheduled message handler") {
      where = execution::scheduled;
    }
    SUBCASE("a detached batch handler") {
      handles = handler<waiting_batch_handler>(handled);
    }
    store(*kafka, "t", numbered(100, 0), 0);
    app.emplace(application_spec{
      .id = "test",
      .children = {connection{.name = "c",
                              .brokers = cluster.brokers(),
                              .group_consumer = group_consumer{.group = "g",
                                                               .topics = {"t"},
                                                               .handler = handles,
                                                               .run_as = where,
                                                               .fetch_wait = 10ms},
                              .observer = seen}},
    });
    const auto until = steady::now() + 30s;
    while (*handled < 6 && steady::now() < until)
      std::this_thread::yield();
    const auto before = steady::now();
    CHECK(app->stop());
    CHECK(steady::now() - before < 3s);
    CHECK(*handled == 6);
    CHECK(seen->committed_of({"t", 0}) == 6);
  }
}
