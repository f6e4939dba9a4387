// librdkafka's state for a topic must not outlive the topic.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/application.hpp>

#include "counting_handler.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <unistd.h>

using namespace ottla;
using namespace ottla::kafka;
using ottla::kafka::test::counting_handler;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

class counter : public observer {
public:
  void add(std::size_t messages) {
    const std::lock_guard lock{guard_};
    count_ += messages;
    changed_.notify_all();
  }

  void revoked(std::span<const topic_partition>, bool) override {
    const std::lock_guard lock{guard_};
    ++revocations_;
    changed_.notify_all();
  }

  bool wait_for(std::size_t messages) {
    return wait([=, this] { return count_ >= messages; });
  }
  bool wait_for_revocation() {
    return wait([this] { return revocations_ > 0; });
  }

private:
  bool wait(const std::function<bool()>& until) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, 60s, until);
  }

  std::mutex guard_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
  std::size_t revocations_ = 0;
};

/// Retries until `succeeds` returns true. Brokers need time to delete a topic and to make a new one
/// known.
bool eventually(const std::function<bool()>& succeeds) {
  const auto until = steady::now() + 60s;
  while (steady::now() < until)
    if (succeeds())
      return true;
  return false;
}

} // namespace

TEST_SUITE("deleted topic" * doctest::timeout(300)) {
  TEST_CASE(
    "a group consumes a topic that was deleted and created again, and leaks no Kafka handle") {
    const auto* brokers = std::getenv("OTTLA_BROKERS");
    REQUIRE(brokers != nullptr);
    const auto topic = fmt::format("deleted-{}", getpid());
    const auto make = [&] {
      return create_topic({.brokers = brokers}, {.name = topic, .partitions = 2}, 10s).has_value();
    };
    REQUIRE(make());
    const auto seen = std::make_shared<counter>();
    application app{
      {.id = "app",
       .restarts = {.at_most = 100},
       .children = {connection{
         .name = "c",
         .brokers = brokers,
         .producing = producer_settings{},
         .group_consumer = group_consumer{.group = topic,
                                          .topics = {topic},
                                          .handler = handler<counting_handler<counter>>(seen)},
         .restarts = {.at_most = 100},
         .observer = seen,
         .metadata_interval = std::chrono::milliseconds{300},
       }}}};
    const auto store = [&] {
      const produce thousand{.topic = topic,
                             .records = std::vector<record>(1000, {.key = {}, .value = "x"})};
      const auto done = call<produced>(app.system(), app.find("c/producer"), 30s, thousand);
      return done && done->failures.empty();
    };
    REQUIRE(eventually(store));
    REQUIRE(seen->wait_for(1000));
    REQUIRE(delete_topic({.brokers = brokers}, topic, 30s));
    REQUIRE(seen->wait_for_revocation());
    REQUIRE(eventually(make));
    REQUIRE(eventually(store));
    CHECK(seen->wait_for(2000));
    CHECK(app.stop());
    CHECK(await_reaped(30s) == 0);
    CHECK(delete_topic({.brokers = brokers}, topic, 30s));
    const auto again = delete_topic({.brokers = brokers}, "never-made", 30s);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == errc::unknown_topic);
  }
}
