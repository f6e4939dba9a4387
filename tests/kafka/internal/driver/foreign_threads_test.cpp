// Threads outside the actor system that use a connection and outlive it. The threads must not block
// the end of the application.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/health.hpp>
#include <ottla/supervision/application.hpp>

#include "kafka/internal/driver/event_pump.hpp"
#include "support/counter.hpp"
#include "support/living_thread.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;
using ottla::test::counter;
using ottla::test::ends;
using ottla::test::living_thread;

namespace {

/// Longer than ends() waits, so that the deadline of the stop does not hide a hang.
constexpr auto late_deadline = 1min;
constexpr std::size_t messages = 10;

/// Messages that a handler leaves to another thread. Counts their arrival and waits for their
/// commit.
class open_messages : public observer {
public:
  counter arrived;
  counter all_committed;

  void add(batch what) {
    const std::scoped_lock guard{lock_};
    for (std::size_t index = 0; index < what.size(); ++index) {
      handles_.push_back(what.ack_later(index));
      arrived.raise();
    }
  }

  /// Acknowledges in reverse order, so that some acknowledgements go to the acknowledger.
  void acknowledge_all() {
    const std::scoped_lock guard{lock_};
    for (auto each = handles_.rbegin(); each != handles_.rend(); ++each)
      each->ack();
  }

  void drop_handles() {
    const std::scoped_lock guard{lock_};
    handles_.clear();
  }

  void committed(const topic_partition&, std::int64_t next) override {
    if (next == static_cast<std::int64_t>(messages))
      all_committed.raise();
  }

private:
  std::mutex lock_;
  std::vector<ack_handle> handles_;
};

class leaving_handler : public batch_handler {
public:
  explicit leaving_handler(std::shared_ptr<open_messages> to) : to_{std::move(to)} {}

  verdict handle(batch what) override {
    to_->add(what);
    return later();
  }

private:
  std::shared_ptr<open_messages> to_;
};

/// A token provider whose first call queries the application's health and returns when the test
/// allows it.
class asking_provider {
public:
  counter answered;
  counter may_return;

  void use(application& which) {
    app_ = &which;
    is_up_.raise();
  }

  oauth_token answer() {
    if (!asked_.exchange(true) && is_up_.wait_for(1)) {
      if (call<health_report>(app_->system(), app_->find("c/health"), 5s, get_health{}))
        answered.raise();
      may_return.wait_for(1, 1h);
    }
    return {
      .value = "a token", .expires = std::chrono::system_clock::now() + 1h, .principal = "anna"};
  }

private:
  std::atomic<bool> asked_ = false;
  counter is_up_;
  application* app_ = nullptr;
};

std::shared_ptr<std::unique_ptr<application>> start_with(connection what) {
  return std::make_shared<std::unique_ptr<application>>(std::make_unique<application>(
    application_spec{.id = "app", .children = {std::move(what)}, .stop_within = late_deadline}));
}

} // namespace

TEST_SUITE("connection: threads of the program" * doctest::timeout(120)) {
  TEST_CASE(
    "a thread that keeps acknowledged ack_handles does not block the end of the application") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    store(*make_librdkafka_driver({.brokers = cluster.brokers()}), "t", numbered(messages));
    const auto left = std::make_shared<open_messages>();
    const auto app
      = start_with({.name = "c",
                    .brokers = cluster.brokers(),
                    .group_consumer = group_consumer{.group = "g",
                                                     .topics = {"t"},
                                                     .handler = handler<leaving_handler>(left),
                                                     .commit_interval = 100ms,
                                                     .session_timeout = 6s,
                                                     .heartbeat_interval = 1s,
                                                     .fetch_wait = 10ms},
                    .observer = left});
    REQUIRE(left->arrived.wait_for(messages, 20s));
    CHECK(left->all_committed.value() == 0);
    living_thread other{[left] { left->acknowledge_all(); }};
    CHECK(left->all_committed.wait_for(1, 20s));
    CHECK(ends([app] { app->reset(); }));
    // The handles keep no message alive.
    CHECK(await_reaped(30s) == 0);
    // No process is left to take an acknowledgement.
    living_thread late{[left] {
      left->acknowledge_all();
      left->drop_handles();
    }};
  }

  TEST_CASE("a token provider may call the application, and a hanging provider does not block the "
            "application's end") {
    const auto asked = std::make_shared<asking_provider>();
    const auto app = start_with(
      {.name = "c",
       .brokers = "127.0.0.1:1",
       .group_consumer
       = group_consumer{.group = "g",
                        .topics = {"t"},
                        .handler = handler<leaving_handler>(std::make_shared<open_messages>())},
       .observer = std::make_shared<observer>(),
       .oauth_tokens = [asked](const std::string&) { return asked->answer(); },
       .extra = {{"security.protocol", "sasl_plaintext"}, {"sasl.mechanisms", "OAUTHBEARER"}}});
    asked->use(**app);
    const bool answered = asked->answered.wait_for(1);
    CHECK(answered);
    CHECK(ends([app] { app->reset(); }));
    asked->may_return.raise();
    CHECK(await_reaped(30s) == 0);
  }
}
