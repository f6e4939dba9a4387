// How long until a member handles its first message, and until its partitions have a new owner?

#include <ottla/kafka/connection.hpp>
#include <ottla/supervision/application.hpp>

#include "support/arrivals.hpp"
#include "support/brokers.hpp"
#include "support/fresh_name.hpp"
#include "support/kafka_peers.hpp"
#include "support/scratch_topic.hpp"
#include "support/stream.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

using steady = std::chrono::steady_clock;

/// Each of two members gets half of the partitions.
constexpr std::int32_t partitions = 24;
/// Pause of the producer between messages to a partition. Adds a few milliseconds to each figure.
constexpr auto between_messages = 5ms;
constexpr auto patience = 30s;

/// Each run has its own topic: a topic shared by all runs would grow.
struct traffic {
  bench::scratch_topic topic;
  bench::stream of;

  explicit traffic(const std::string& brokers)
    : topic{brokers, partitions},
      of{{.brokers = brokers,
          .topic = topic.name(),
          .partitions = partitions,
          .pause = between_messages}} {}
};

double milliseconds(steady::time_point from, steady::time_point to) {
  return std::chrono::duration<double, std::milli>{to - from}.count();
}

/// A tree with one connection, as in a user's program.
class member {
public:
  member(const std::string& brokers, kafka::group_consumer group) {
    group.handler = kafka::handler<bench::noting_handler>(seen_);
    tree_.emplace(ottla::application_spec{
      .id = "member",
      .children
      = {kafka::connection{.name = "topic", .brokers = brokers, .group_consumer = group}}});
  }

  steady::time_point await(std::size_t count) { return seen_->await(count, patience); }
  void leave() { tree_->stop(); }

private:
  std::shared_ptr<bench::arrivals> seen_ = std::make_shared<bench::arrivals>();
  std::optional<ottla::application> tree_;
};

kafka::group_consumer group_of(const traffic& what, std::chrono::milliseconds heartbeat) {
  return {.group = bench::fresh_name("join"),
          .topics = {what.topic.name()},
          .handler = {},
          .heartbeat_interval = heartbeat};
}

std::vector<double> hand_over(const std::string& brokers, const kafka::group_consumer& group) {
  const auto began = steady::now();
  member leaving{brokers, group};
  const auto alone = leaving.await(1);
  leaving.await(partitions);
  const auto joined = steady::now();
  member staying{brokers, group};
  const auto second = staying.await(1);
  staying.await(partitions / 2);
  const auto stopped = steady::now();
  leaving.leave();
  const auto left = steady::now();
  const auto handed = staying.await(partitions);
  return {milliseconds(began, alone), milliseconds(joined, second), milliseconds(stopped, left),
          milliseconds(stopped, handed)};
}

std::vector<double> hand_over(bench::peer& by, const std::string& brokers,
                              const kafka::group_consumer& group) {
  auto figures = by.ask(fmt::format(
    "hand_over {} {} {} {} {} {} {}", brokers, group.group, group.topics.front(), partitions,
    group.heartbeat_interval.count(), group.commit_interval.count(), group.fetch_wait.count()));
  for (auto& one : figures)
    one *= 1e3;
  return figures;
}

bench::comparison handing_over(const std::string& brokers, const std::shared_ptr<bench::peer>& go,
                               std::chrono::milliseconds heartbeat) {
  return {
    .name = fmt::format("{} partitions, heartbeats each {} ms", partitions, heartbeat.count()),
    .measures = {{.what = "start of a first member to its first message", .unit = "ms"},
                 {.what = "start of a second member to its first message", .unit = "ms"},
                 {.what = "stop of one of the two until it has left", .unit = "ms"},
                 {.what = "stop of one of the two until the other has them all", .unit = "ms"}},
    .ours =
      [=] {
        const traffic under_way{brokers};
        return hand_over(brokers, group_of(under_way, heartbeat));
      },
    .peers = {{bench::franz_go,
               [=] {
                 const traffic under_way{brokers};
                 return hand_over(*go, brokers, group_of(under_way, heartbeat));
               }}},
  };
}

} // namespace

int main(int argc, char** argv) {
  const auto brokers = bench::brokers_of("OTTLA_BROKERS");
  const auto go = bench::go_peer();
  bench::suite all;
  // In every client a member learns of a rebalance by its heartbeat. The usual heartbeat interval
  // of 3 s would hide all other costs.
  for (const auto heartbeat : {100ms, 3'000ms})
    all.add(handing_over(brokers, go, heartbeat));
  return all.run(argc, argv);
}
