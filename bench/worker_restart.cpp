// How long does a killed worker's replacement take to handle its first message?

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/application.hpp>

#include "support/fresh_name.hpp"
#include "support/percentile.hpp"
#include "support/raw_producer.hpp"
#include "support/stream.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t restarts = 1'000;
constexpr std::size_t warm_up = 50;
/// The time between a replacement's first message and the next kill.
constexpr auto gap = 1ms;
constexpr auto patience = 30s;
constexpr std::int32_t partitions = 8;
/// The worker of this partition is killed.
constexpr std::int32_t killed_partition = 0;
constexpr std::size_t batch = 1'000;
constexpr std::size_t rounds = 15;

/// The newest handler that has received its first message, and the time of that message.
class first_messages {
public:
  std::size_t next_handler() {
    const std::lock_guard lock{mutex_};
    return ++made_;
  }

  void note(std::size_t handler) {
    const std::lock_guard lock{mutex_};
    newest_ = handler;
    when_ = steady::now();
    changed_.notify_all();
  }

  /// Waits for the first message of a handler newer than `handler`. Returns the handler's number
  /// and the time of the message.
  std::pair<std::size_t, steady::time_point> await_after(std::size_t handler) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, patience, [&] { return newest_ > handler; }))
      throw std::runtime_error{"no replacement handled a message"};
    return {newest_, when_};
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t made_ = 0;
  std::size_t newest_ = 0;
  steady::time_point when_;
};

/// The killed partition's handler never acknowledges, so its replacement finds the same messages.
class noting_handler : public kafka::batch_handler {
public:
  explicit noting_handler(std::shared_ptr<first_messages> into)
    : into_{std::move(into)}, number_{into_->next_handler()} {}

  kafka::verdict handle(kafka::batch messages) override {
    if (messages.from().partition != killed_partition)
      return kafka::ack();
    if (!std::exchange(noted_, true))
      into_->note(number_);
    return kafka::no_ack();
  }

private:
  std::shared_ptr<first_messages> into_;
  std::size_t number_;
  bool noted_ = false;
};

/// Returns p50, p99 and the longest restart, in ms.
std::vector<double> kill_workers(const ottla::application& tree, const std::string& worker,
                                 first_messages& of) {
  const auto ref = tree.find(worker);
  std::vector<double> samples;
  auto last = of.await_after(0).first;
  for (std::size_t kills = 0; kills < warm_up + restarts; ++kills) {
    std::this_thread::sleep_for(gap);
    const auto victim = ref.resolve();
    if (!victim)
      throw std::runtime_error{"the worker to kill is not running"};
    const auto killed = steady::now();
    ottla::kill(victim);
    const auto [next, when] = of.await_after(last);
    if (kills >= warm_up)
      samples.push_back(std::chrono::duration<double, std::milli>{when - killed}.count());
    last = next;
  }
  std::ranges::sort(samples);
  return {bench::percentile(0.5, samples), bench::percentile(0.99, samples), samples.back()};
}

struct way {
  ottla::execution run_as = ottla::execution::scheduled;
  /// Each partition gets a thousand messages per second.
  bool busy = false;
};

std::vector<double> restart(const std::string& brokers, const std::string& topic, way how) {
  const auto into = std::make_shared<first_messages>();
  std::optional<bench::stream> traffic;
  if (how.busy)
    traffic.emplace(bench::stream::settings{
      .brokers = brokers, .topic = topic, .partitions = partitions, .pause = 1ms});
  const ottla::application tree{
    {.id = "restart",
     .children = {kafka::connection{
       .name = "topic",
       .brokers = brokers,
       .group_consumer = kafka::group_consumer{
         .group = bench::fresh_name("restart"),
         .topics = {topic},
         .handler = kafka::handler<noting_handler>(into),
         .batch_size = batch,
         .max_unacknowledged = batch,
         .run_as = how.run_as,
         .worker_restarts = {.at_once = std::numeric_limits<std::size_t>::max()}}}}}};
  return kill_workers(tree, "topic/" + kafka::worker_name({topic, killed_partition}), *into);
}

void fill(const std::string& brokers, const std::string& topic) {
  const std::string value(100, 'v');
  bench::raw_producer by{brokers, topic, 5ms};
  for (std::size_t number = 0; number < batch; ++number)
    by.produce(killed_partition, "abcdefgh", value);
  by.flush();
}

} // namespace

int main(int argc, char** argv) {
  const std::string idle = "idle";
  // Each round, the warm-up included, has its own topic. Constant producing would fill a shared
  // topic, whose log would drop messages faster than a member can look up the first offset.
  std::vector<std::string> busy;
  std::vector<kafka::embedded_cluster::topic> topics{{idle, partitions}};
  for (std::size_t round = 0; round <= rounds; ++round) {
    busy.push_back(fmt::format("busy-{}", round));
    topics.push_back({busy.back(), partitions});
  }
  // The cluster forks, so it must start before any thread.
  const kafka::embedded_cluster cluster{
    {.where = kafka::embedded_cluster::place::own_process, .topics = topics}};
  const auto brokers = cluster.brokers();
  for (const auto& [topic, count] : topics)
    fill(brokers, topic);

  bench::suite all;
  const auto add = [&](std::string name, std::function<std::string()> topic, way how) {
    all.add({
      .name = std::move(name),
      .measures = {{.what = "restart p50", .unit = "ms", .bars = {bench::at_most(0.2, "")}},
                   {.what = "restart p99", .unit = "ms", .bars = {bench::at_most(1, "")}},
                   {.what = "longest restart", .unit = "ms"}},
      .ours = [=] { return restart(brokers, topic(), how); },
      .rounds = rounds,
    });
  };
  add("one of 8 workers, all idle", [&] { return idle; }, {});
  auto next = busy.begin();
  add("one of 8 workers, the others busy", [&] { return *next++; }, {.busy = true});
  add("one of 8 workers on threads of their own, all idle", [&] { return idle; },
      {.run_as = ottla::execution::detached});
  return all.run(argc, argv);
}
