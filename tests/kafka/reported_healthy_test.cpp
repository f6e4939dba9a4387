// When a supervisor above a connection or above a group resets its count of failures.

#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr auto much_longer_than_healthy_after = 10min;

/// A connection whose supervisor increases the restart delay after each failure.
struct delayed_connection : group_stage {
  delayed_connection() { settings.restarts = {.at_most = 0, .within = 1h}; }

  void open_delayed() {
    child_spec spec = settings;
    spec.restart_delay = backoff_settings{.first = 1s, .longest = 1h, .at_once = 0};
    CHECK(start(supervisor_spec{
                  .id = "top", .restarts = {.at_most = 100, .within = 1h}, .children = {spec}})
            .up());
  }

  std::chrono::nanoseconds delay_after_kill(const std::string& name) {
    return delay_after([&] { kill_named(name); });
  }

  std::chrono::nanoseconds delay_after_long_run(const std::string& name) {
    time.advance(much_longer_than_healthy_after);
    return delay_after_kill(name);
  }

  void produce_one() {
    ask_later<produced>(*this, named("producer"),
                        produce{.topic = "out", .records = {{.value = "x"}}});
    time.run();
  }
};

} // namespace

TEST_SUITE("reported healthy: connection") {
  TEST_CASE_FIXTURE(
    delayed_connection,
    "the restart delay of a connection without an assignment grows, however long each run lasts") {
    open_delayed();
    for (const auto delay : {1s, 2s, 4s, 8s})
      CHECK(delay_after_long_run("coordinator") == delay);
  }

  TEST_CASE_FIXTURE(
    delayed_connection,
    "the restart delay of a connection whose handler acknowledges nothing grows until a commit") {
    handlers->on_batch = [](const assignment&, const batch&) { return no_ack(); };
    open_delayed();
    for (const auto delay : {1s, 2s, 4s}) {
      give({zero});
      append(zero, 1);
      CHECK(delay_after_long_run("coordinator") == delay);
    }
    // The other messages stay unacknowledged, so the member never idles.
    handlers->on_batch = [](const assignment&, const batch& messages) {
      return messages.front().offset() == 0 ? ack_until(1) : no_ack();
    };
    give({zero});
    time.advance(20s);
    CHECK(kafka->group[zero] > 0);
    CHECK(kafka->group[zero] < 3);
    CHECK(delay_after_kill("coordinator") == 1s);
    CHECK(delay_after_kill("coordinator") == 2s);
  }

  TEST_CASE_FIXTURE(
    delayed_connection,
    "a connection without messages becomes healthy between 5 and 25 seconds after its assignment") {
    open_delayed();
    CHECK(delay_after_kill("coordinator") == 1s);
    CHECK(delay_after_kill("coordinator") == 2s);
    SUBCASE("the assignment has one partition") {
      kafka->group[zero] = 0;
      give({zero});
    }
    SUBCASE("the assignment is empty") {
      give({});
    }
    time.advance(5s);
    SUBCASE("a crash five seconds after the assignment increases the restart delay") {
      CHECK(delay_after_kill("coordinator") == 4s);
      return;
    }
    time.advance(20s);
    CHECK(delay_after_kill("coordinator") == 1s);
  }

  TEST_CASE_FIXTURE(delayed_connection,
                    "the restart delay of a connection grows while its hook rejects assignments") {
    bool refuses = true;
    group().assignment_received
      = [&refuses](const assigned_partition&) -> std::optional<std::string> {
      return refuses ? std::optional<std::string>{"no space left"} : std::nullopt;
    };
    open_delayed();
    for (const auto delay : {1s, 2s, 4s, 8s}) {
      // The member has no assignment during this time, so the time alone does not make the
      // member healthy.
      time.advance(much_longer_than_healthy_after);
      CHECK(delay_after([&] { give({zero}); }) == delay);
    }
    refuses = false;
    give({zero});
    append(zero, 3);
    time.advance(20s);
    CHECK(delay_after_kill("coordinator") == 1s);
  }

  TEST_CASE_FIXTURE(delayed_connection, "a shared producer becomes healthy when a record is "
                                        "stored, and stays unhealthy while records fail or wait") {
    settings.group_consumer.reset();
    open_delayed();
    CHECK(delay_after_kill("producer") == 1s);
    produce_one();
    CHECK(delay_after_long_run("producer") == 2s);
    produce_one();
    kafka->sender->deliver({{0, {.code = errc::timed_out, .text = "no answer"}}});
    CHECK(delay_after_long_run("producer") == 4s);
    // The shared producer remembers the failure, and no record was stored since.
    CHECK(delay_after_long_run("producer") == 8s);
    produce_one();
    kafka->sender->deliver();
    time.run();
    CHECK(delay_after_kill("producer") == 1s);
  }

  TEST_CASE_FIXTURE(
    delayed_connection,
    "a shared producer without records to send becomes healthy by running for ten minutes") {
    settings.group_consumer.reset();
    open_delayed();
    CHECK(delay_after_kill("producer") == 1s);
    CHECK(delay_after_kill("producer") == 2s);
    CHECK(delay_after_long_run("producer") == 1s);
  }
}
