// Numbered records are produced while brokers are killed. No record is lost or stored twice, and
// each answer agrees with the log.

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/fetch/stream.hpp>
#include <ottla/kafka/producer/producer.hpp>
#include <ottla/supervision/application.hpp>

#include "broker/broker.hpp"
#include "broker/own_cluster.hpp"
#include "support/long_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr std::int32_t partitions = 8;
constexpr std::size_t each_call = 100;
/// Number of calls that wait for their answer.
constexpr std::size_t most_pending = 8;

struct answer {
  record_state state = record_state::unknown;
  record_place place = {};
};

/// What happens after a number of records, while more records are produced. Each event begins after
/// the end of the event before.
struct event {
  std::size_t after;
  std::function<void()> what;
};

record numbered_record(std::size_t number) {
  return {.key = std::to_string(number % 1'000), .value = fmt::format("{:0>100}", number)};
}

/// Produces records 0 to `count` - 1 in calls that overlap, and returns their answers.
std::vector<answer> produce_numbered(const producer& to, const std::string& topic,
                                     std::size_t count, std::deque<event> events) {
  std::vector<answer> answers;
  std::deque<std::future<produced>> pending;
  std::future<void> running;
  const auto take_oldest = [&] {
    const auto what = pending.front().get();
    pending.pop_front();
    for (std::size_t index = 0; index < each_call; ++index)
      answers.push_back(
        {what.state_of(index), what.places.empty() ? record_place{} : what.places[index]});
  };
  for (std::size_t number = 0; number < count; number += each_call) {
    if (!events.empty() && events.front().after <= number) {
      if (running.valid())
        running.get();
      running = std::async(std::launch::async, std::move(events.front().what));
      events.pop_front();
    }
    produce call{.topic = topic};
    for (std::size_t index = number; index < number + each_call; ++index)
      call.records.push_back(numbered_record(index));
    pending.push_back(to.send(std::move(call), 5min));
    if (pending.size() > most_pending)
      take_oldest();
  }
  while (!pending.empty())
    take_oldest();
  if (running.valid())
    running.get();
  return answers;
}

/// How the answers compare with the log.
struct comparison {
  std::size_t stored = 0;       ///< answers
  std::size_t not_stored = 0;   ///< answers
  std::size_t unknown = 0;      ///< answers
  std::size_t lost = 0;         ///< records that are not in the log
  std::size_t repeated = 0;     ///< records that are in the log more than once
  std::size_t untrue = 0;       ///< records that are in the log, or not, against their answer
  std::size_t misplaced = 0;    ///< records that are not at the place of their answer
  std::size_t out_of_order = 0; ///< records behind a later record of their partition
};

comparison compare(const std::vector<answer>& answers, stream& log) {
  comparison result;
  std::vector<std::vector<record_place>> places(answers.size());
  std::map<std::int32_t, std::size_t> last;
  for (const auto& each : log) {
    const auto number = std::stoull(std::string{each.value()});
    places.at(number).push_back({each.from().partition, each.offset()});
    auto& before = last[each.from().partition];
    result.out_of_order += number < before ? 1 : 0;
    before = std::max<std::size_t>(before, number);
  }
  REQUIRE_MESSAGE(!log.failure(), to_string(log.failure().value_or(error{})));
  for (std::size_t number = 0; number < answers.size(); ++number) {
    const auto& [state, place] = answers[number];
    const auto& found = places[number];
    result.stored += state == record_state::stored ? 1 : 0;
    result.not_stored += state == record_state::not_stored ? 1 : 0;
    result.unknown += state == record_state::unknown ? 1 : 0;
    result.lost += found.empty() ? 1 : 0;
    result.repeated += found.size() > 1 ? 1 : 0;
    result.untrue += (state == record_state::stored && found.empty())
                         || (state == record_state::not_stored && !found.empty())
                       ? 1
                       : 0;
    result.misplaced += state == record_state::stored && std::ranges::count(found, place) != 1;
  }
  return result;
}

void run(own_cluster& cluster, std::size_t count, std::deque<event> events) {
  const auto topic = fresh_topic("numbered", partitions, 3, cluster.brokers());
  const auto began = steady::now();
  std::vector<answer> answers;
  {
    application app{
      {.id = "app",
       .children = {
         connection{.name = "c", .brokers = cluster.brokers(), .producing = producer_settings{}}}}};
    answers = produce_numbered(producer{app.find("c/producer")}, topic, count, std::move(events));
    CHECK(app.stop());
  }
  const auto took = std::chrono::duration<double>(steady::now() - began);
  REQUIRE(answers.size() == count);
  auto log = open_stream({.brokers = cluster.brokers()}, {.topic = topic, .patience = 1min}, 1min);
  REQUIRE_MESSAGE(log, to_string(log ? error{} : log.error()));
  const auto seen = compare(answers, *log);
  fmt::print("{} records in {:.1f} s: {} answered as stored, {} as not stored, {} as unknown; {} "
             "lost, {} repeated, {} answers untrue, {} misplaced, {} out of order\n",
             count, took.count(), seen.stored, seen.not_stored, seen.unknown, seen.lost,
             seen.repeated, seen.untrue, seen.misplaced, seen.out_of_order);
  std::fflush(stdout);
  CHECK(seen.stored == count);
  CHECK(seen.lost == 0);
  CHECK(seen.repeated == 0);
  CHECK(seen.untrue == 0);
  CHECK(seen.misplaced == 0);
  CHECK(seen.out_of_order == 0);
}

} // namespace

TEST_SUITE("killed broker" * doctest::timeout(1800)) {
  TEST_CASE("of 50,000 records none is lost or stored twice if one of three brokers is killed, and "
            "each answer is true") {
    own_cluster cluster;
    run(cluster, 50'000,
        {{10'000, [&] { cluster.kill(2); }}, {30'000, [&] { cluster.bring_back(); }}});
  }

  TEST_CASE("of a million records none is lost or stored twice if each broker is killed in turn, "
            "and each answer is true"
            * doctest::skip(!ottla::test::long_run())) {
    own_cluster cluster;
    std::deque<event> events;
    for (int node = 1; node <= 3; ++node) {
      const auto at = static_cast<std::size_t>(node) * 250'000;
      events.push_back({at, [&cluster, node] {
                          CHECK(cluster.is_back());
                          cluster.kill(node);
                        }});
      events.push_back({at + 100'000, [&cluster] { cluster.bring_back(); }});
    }
    run(cluster, 1'000'000, std::move(events));
  }
}
