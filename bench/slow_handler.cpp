// How much memory does a group take when its handlers are a hundred times too slow?

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>
#include <ottla/supervision/application.hpp>

#include "support/brokers.hpp"
#include "support/fresh_process.hpp"
#include "support/memory_use.hpp"
#include "support/scratch_topic.hpp"
#include "support/stream.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

constexpr std::string_view consume = "--consume";
constexpr double mib = 1024.0 * 1024;
constexpr std::int32_t partitions = 8;
/// Eight handlers manage a thousand messages per second; a batch takes two seconds.
constexpr auto a_message_takes = 8ms;
constexpr std::size_t batch = 250;
constexpr auto half_a_run = 8s;

struct progress {
  std::atomic<std::size_t> handled = 0;
  std::atomic<bool> over = false;
};

using progress_ptr = std::shared_ptr<progress>;

/// Handles one message after the other, and holds at most one batch.
class slow_handler : public kafka::batch_handler {
public:
  explicit slow_handler(progress_ptr of) : of_{std::move(of)} {}

  kafka::verdict handle(kafka::batch messages) override {
    for (std::size_t index = 0; index < messages.size() && !of_->over; ++index) {
      std::this_thread::sleep_for(a_message_takes);
      ++of_->handled;
    }
    return of_->over ? kafka::no_ack() : kafka::ack();
  }

private:
  progress_ptr of_;
};

/// Acknowledges the handed-over messages at the same slow pace as slow_handler.
class slow_acknowledger {
public:
  explicit slow_acknowledger(progress_ptr of) : of_{std::move(of)}, thread_{[this] { run(); }} {}
  ~slow_acknowledger() { thread_.join(); }
  slow_acknowledger(const slow_acknowledger&) = delete;
  slow_acknowledger& operator=(const slow_acknowledger&) = delete;

  void add(std::int32_t partition, kafka::ack_handle handle) {
    const std::lock_guard lock{mutex_};
    const auto first = handle.first();
    held_[partition].push_back({std::move(handle), first});
  }

private:
  struct held {
    kafka::ack_handle handle;
    std::int64_t next;
  };

  void run() {
    while (!of_->over) {
      std::this_thread::sleep_for(a_message_takes);
      const std::lock_guard lock{mutex_};
      for (auto& [partition, queue] : held_)
        if (!queue.empty())
          acknowledge_one(queue);
    }
  }

  void acknowledge_one(std::deque<held>& queue) {
    auto& front = queue.front();
    front.handle.ack_until(front.next++);
    ++of_->handled;
    if (front.next == front.handle.next())
      queue.pop_front();
  }

  progress_ptr of_;
  std::mutex mutex_;
  std::map<std::int32_t, std::deque<held>> held_;
  std::thread thread_;
};

/// Accepts every batch at once, so unacknowledged messages pile up in the group.
class holding_handler : public kafka::batch_handler {
public:
  explicit holding_handler(std::shared_ptr<slow_acknowledger> by) : by_{std::move(by)} {}

  kafka::verdict handle(kafka::batch messages) override {
    by_->add(messages.from().partition, messages.ack_later());
    return kafka::later();
  }

private:
  std::shared_ptr<slow_acknowledger> by_;
};

kafka::group_consumer group_of(const std::string& topic, std::size_t budget, bool hold,
                               const progress_ptr& of) {
  return {.group = topic,
          .topics = {topic},
          .handler = hold ? kafka::handler<holding_handler>(std::make_shared<slow_acknowledger>(of))
                          : kafka::handler<slow_handler>(of),
          .batch_size = batch,
          .run_as = ottla::execution::detached,
          .memory_bytes = budget};
}

/// Runs in a process that does nothing else. Prints to stdout, in bytes, the resident memory before
/// the group starts, half-way, at the end and at its peak, then the number of messages handled.
int consume_slowly(const std::string& brokers, const std::string& topic, std::size_t budget,
                   bool hold) {
  const auto before = bench::memory_now().resident;
  const auto of = std::make_shared<progress>();
  const ottla::application tree{
    {.id = "slow",
     .children = {kafka::connection{
       .name = "topic", .brokers = brokers, .group_consumer = group_of(topic, budget, hold, of)}}}};
  std::this_thread::sleep_for(half_a_run);
  const auto half_way = bench::memory_now().resident;
  std::this_thread::sleep_for(half_a_run);
  const auto at_end = bench::memory_now().resident;
  fmt::print("{} {} {} {} {}\n", before, half_way, at_end, bench::peak_of_resident(),
             of->handled.load());
  of->over = true;
  return EXIT_SUCCESS;
}

std::vector<double> measure(const std::string& brokers, std::size_t message_bytes,
                            std::size_t budget, bool hold) {
  const bench::scratch_topic topic{brokers, partitions};
  const bench::stream from{{.brokers = brokers,
                            .topic = topic.name(),
                            .partitions = partitions,
                            .message_bytes = message_bytes}};
  const auto figures
    = bench::ask_fresh_process({std::string{consume}, brokers, topic.name(), std::to_string(budget),
                                std::to_string(static_cast<int>(hold))},
                               5);
  const auto before = figures[0];
  const auto handled = figures[4];
  if (handled == 0)
    throw std::runtime_error{"the group handled no message"};
  const auto grown = (figures[3] - before) / mib;
  return {grown - static_cast<double>(budget) / mib, grown, (figures[1] - before) / mib,
          (figures[2] - before) / mib, static_cast<double>(from.produced()) / handled};
}

bench::comparison being_slow(const std::string& brokers, std::size_t message_bytes,
                             std::size_t budget, bool hold) {
  return {
    .name = fmt::format("{}, {} B, budget {} MiB", hold ? "held" : "in hand", message_bytes,
                        static_cast<double>(budget) / mib),
    .measures
    = {{.what = "peak beyond the budget", .unit = "MiB", .bars = {bench::at_most(32, "")}},
       {.what = "peak", .unit = "MiB"},
       {.what = "half-way", .unit = "MiB"},
       {.what = "at the end", .unit = "MiB"},
       {.what = "produced for each message handled",
        .unit = "messages",
        .bars = {bench::at_least(100, "")}}},
    .ours = [=] { return measure(brokers, message_bytes, budget, hold); },
    .rounds = 5,
  };
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 6 && argv[1] == consume)
    return consume_slowly(argv[2], argv[3], std::stoul(argv[4]), argv[5] == std::string_view{"1"});
  const auto brokers = bench::brokers_of("OTTLA_BROKERS");
  bench::suite all;
  constexpr std::size_t small = std::size_t{64} * 1024 * 1024;
  const auto by_default = kafka::memory_budget{}.least;
  for (const bool hold : {false, true})
    for (const auto& [message_bytes, budget] :
         {std::pair{100, small}, std::pair{1024, small}, std::pair{256, by_default},
          std::pair{1024, by_default}})
      all.add(being_slow(brokers, static_cast<std::size_t>(message_bytes), budget, hold));
  return all.run(argc, argv);
}
