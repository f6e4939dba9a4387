// The longest, shortest, most negative and zero value of each duration of a connection. Tests for
// the durations of handles, cluster requests and records are in internal/driver/durations_test.cpp.

#include <ottla/kafka/connection.hpp>

#include "support/duration_units.hpp"
#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <limits>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += (text.empty() ? "" : "; ") + line;
  return text;
}

connection good() {
  return {.name = "c",
          .brokers = "localhost:1",
          .producing = producer_settings{},
          .group_consumer
          = group_consumer{.group = "g",
                           .topics = {"t"},
                           .handler = handler<scripted_handler>(std::make_shared<script>())}};
}

/// Keeps a batch forever and never answers.
class silent_process : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;
  caf::behavior make_behavior() override {
    return {[this](const handle_batch&) {
      open_ = make_response_promise();
      return caf::result<verdict>{open_};
    }};
  }
  void on_exit() override { open_ = {}; }

private:
  caf::response_promise open_;
};

/// One setting of a connection, with the parts of the error text for invalid values.
struct duration_setting {
  std::string name;
  std::function<void(connection&, double_seconds)> set;
  /// Valid range, as in `from 1ms to 3600000ms`. If empty, every non-negative value is valid.
  std::string limits;
  std::string unit = "ms";
  std::string whose = "connection \"c\": ";
};

const std::string of_group = "connection \"c\": group \"g\": ";

const std::vector<duration_setting> every_setting{
  {"metadata_interval", [](connection& of, double_seconds to) { of.metadata_interval = to; },
   "from 1ms to 3600000ms"},
  {"linger", [](connection& of, double_seconds to) { of.producing->linger = to; },
   "from 0ms to 900000ms", "us"},
  {"delivery_timeout",
   [](connection& of, double_seconds to) { of.producing->delivery_timeout = to; },
   "from 1ms to 2147483647ms"},
  {"commit_interval",
   [](connection& of, double_seconds to) { of.group_consumer->commit_interval = to; },
   "from 1ms to 2147483647ms", "ms", of_group},
  {"drain_within", [](connection& of, double_seconds to) { of.group_consumer->drain_within = to; },
   "from 1ms to 2147483647ms", "ms", of_group},
  {"handle_within",
   [](connection& of, double_seconds to) { of.group_consumer->handle_within = to; }, "", "ms",
   of_group},
  {"rebalance_delay",
   [](connection& of, double_seconds to) { of.group_consumer->rebalance_delay = to; },
   "from 0ms to 2147483647ms", "ms", of_group},
  {"session_timeout",
   [](connection& of, double_seconds to) { of.group_consumer->session_timeout = to; },
   "from 1ms to 3600000ms", "ms", of_group},
  {"heartbeat_interval",
   [](connection& of, double_seconds to) { of.group_consumer->heartbeat_interval = to; },
   "from 1ms to 3600000ms", "ms", of_group},
  {"max_poll_interval",
   [](connection& of, double_seconds to) { of.group_consumer->max_poll_interval = to; },
   "from 1ms to 86400000ms", "ms", of_group},
  {"fetch_wait", [](connection& of, double_seconds to) { of.group_consumer->fetch_wait = to; },
   "from 0ms to 300000ms", "ms", of_group},
};

constexpr auto endless = double_seconds{std::numeric_limits<double>::infinity()};

std::string complaint(const duration_setting& about, double_seconds value) {
  auto settings = good();
  about.set(settings, value);
  return joined(validate(settings));
}

/// The error text for a value outside of the limits.
std::string refusal(const duration_setting& of, const std::string& count) {
  return of.whose + of.name + " must " + (of.limits.empty() ? "not be negative" : "be " + of.limits)
         + ", got " + count + of.unit;
}

} // namespace

TEST_SUITE("durations of connections") {
  TEST_CASE(
    "the longest duration means no limit, or is rejected in one line with the setting's name") {
    for (const auto& one : every_setting) {
      CAPTURE(one.name);
      CHECK(complaint(one, endless)
            == (one.limits.empty() ? "" : refusal(one, "9223372036854775807")));
    }
  }

  TEST_CASE(
    "the most negative duration is rejected in one line with the setting's name and value") {
    for (const auto& one : every_setting) {
      CAPTURE(one.name);
      CHECK(complaint(one, -endless) == refusal(one, "-9223372036854775808"));
    }
  }

  TEST_CASE("a negative duration is rejected in one line with its value") {
    for (const auto& one : every_setting) {
      CAPTURE(one.name);
      CHECK(complaint(one, -1s) == refusal(one, one.unit == "us" ? "-1000000" : "-1000"));
    }
  }

  TEST_CASE("a zero duration is rejected in one line if the setting needs a positive duration") {
    for (const auto& one : every_setting) {
      CAPTURE(one.name);
      const bool needs_time = one.limits.starts_with("from 1ms");
      CHECK(complaint(one, 0s) == (needs_time ? refusal(one, "0") : ""));
    }
  }

  TEST_CASE("a setting with an upper limit rejects a duration above 2^32 ms even if its low 32 "
            "bits are valid") {
    for (const auto& one : every_setting) {
      CAPTURE(one.name);
      const auto text = complaint(one, milliseconds{(std::int64_t{1} << 32U) + 5'000});
      CHECK(text.find(one.limits.empty() ? "" : one.name + " must be from ") != std::string::npos);
      CHECK(text.empty() == one.limits.empty());
    }
  }

  TEST_CASE("durations in coarse units saturate instead of overflowing") {
    auto settings = good();
    settings.metadata_interval = hours::max();
    settings.producing->linger = hours::min();
    settings.group_consumer->handle_within = seconds::max();
    settings.group_consumer->fetch_wait = seconds::min();
    CHECK(settings.metadata_interval == longest_ms);
    CHECK(settings.producing->linger == microseconds::min());
    CHECK(settings.group_consumer->handle_within == longest_ms);
    CHECK(settings.group_consumer->fetch_wait == shortest_ms);
    CHECK(validate(settings).size() == 3);
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a handler may run without limit if handle_within is zero or the longest duration") {
    const auto silent = caf::actor_cast<caf::actor>(time.system().spawn<silent_process>());
    SUBCASE("handle_within is the longest duration") {
      group().handle_within = hours::max();
    }
    SUBCASE("handle_within is zero") {
      group().handle_within = 0s;
    }
    group().handler = handled_by([silent](const assignment&) { return process_ref{silent}; });
    open_with({zero});
    append(zero, 1);
    const auto before = worker(zero);
    REQUIRE(before);
    time.advance(hours{24});
    CHECK(worker(zero) == before);
    kill(silent);
    time.run();
  }
}
