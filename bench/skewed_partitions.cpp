// How fast does a group with default settings consume a backlog in a few of many partitions?

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/supervision/application.hpp>

#include "support/brokers.hpp"
#include "support/fresh_name.hpp"
#include "support/raw_group.hpp"
#include "support/raw_producer.hpp"
#include "support/scratch_topic.hpp"
#include "support/suite.hpp"
#include "support/tally.hpp"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

constexpr std::string_view key = "abcdefgh";

struct shape {
  std::int32_t partitions = 1;
  /// The first `full` partitions hold all messages, in equal parts.
  std::int32_t full = 1;
  std::size_t message_bytes = 0; ///< key and value together
  std::size_t batch_bytes = 0;   ///< of the producer
  std::size_t messages = 0;
  std::chrono::microseconds work{0}; ///< of the handler, for each message
};

std::string name_of(const shape& of) {
  return fmt::format("{} of {} full, {}, batches of {}, {}", of.full, of.partitions,
                     of.message_bytes == 1024 ? "1 KiB" : "100 B",
                     of.batch_bytes >= 1'000'000 ? "1 MB" : "16 KB",
                     of.work == 0us ? "instant" : fmt::format("{} us", of.work.count()));
}

class busy_reader : public kafka::batch_handler {
public:
  busy_reader(std::shared_ptr<bench::tally> into, std::chrono::nanoseconds work)
    : into_{std::move(into)}, work_{work} {}

  void start(const kafka::assignment& what) override { next_ = what.begins_at; }

  kafka::verdict handle(kafka::batch messages) override {
    into_->begin();
    if (messages.front().offset() != next_)
      throw std::runtime_error{
        fmt::format("received offset {}, expected {}", messages.front().offset(), next_)};
    std::uint64_t seen = 0;
    for (const auto& message : messages) {
      seen += bench::tally::read(message.key(), message.value());
      bench::spend(work_);
    }
    next_ = messages.back().offset() + 1;
    into_->add(messages.size(), seen);
    return kafka::ack();
  }

private:
  std::shared_ptr<bench::tally> into_;
  std::chrono::nanoseconds work_;
  std::int64_t next_ = 0;
};

/// The topic of a shape. Deleted at the end of the program, or before the next topic is filled.
class skewed_topic {
public:
  explicit skewed_topic(std::string brokers) : brokers_{std::move(brokers)} {}

  void fill(const shape& of) {
    topic_.reset();
    topic_.emplace(brokers_, of.partitions);
    const std::string value(of.message_bytes - key.size(), 'v');
    bench::raw_producer by{brokers_, topic_->name(), 20ms, of.batch_bytes};
    static_cast<void>(by.held(of.partitions - 1));
    const auto each = of.messages / static_cast<std::size_t>(of.full);
    for (std::int32_t partition = 0; partition < of.full; ++partition)
      for (std::size_t number = 0; number < each; ++number)
        by.produce(partition, key, value);
    by.flush();
  }

  const std::string& name() const { return topic_.value().name(); }

private:
  std::string brokers_;
  std::optional<bench::scratch_topic> topic_;
};

kafka::group_consumer new_group(const std::string& topic) {
  return {.group = bench::fresh_name("skew"), .topics = {topic}, .handler = {}};
}

/// Thousands of messages per second, then cpu-seconds per million messages.
std::vector<double> figures(const bench::tally& of, const shape& what) {
  if (of.count() != what.messages)
    throw std::runtime_error{fmt::format("received {} messages", of.count())};
  const auto used = of.used();
  const auto messages = static_cast<double>(what.messages);
  return {messages / 1e3 / used.elapsed.count(), used.cpu.count() * 1e6 / messages};
}

std::vector<double> consume_ours(const std::string& brokers, const std::string& topic,
                                 const shape& what) {
  const auto into = std::make_shared<bench::tally>(what.messages);
  auto group = new_group(topic);
  group.handler = kafka::handler<busy_reader>(into, what.work);
  auto done = into->when_done();
  {
    const ottla::application tree{
      {.id = "consume",
       .children = {kafka::connection{.name = "topic",
                                      .brokers = brokers,
                                      .group_consumer = std::move(group),
                                      .restarts = {.at_most = 0}}}}};
    if (done.wait_for(240s) != std::future_status::ready)
      throw std::runtime_error{fmt::format("only {} messages arrived", into->count())};
  }
  return figures(*into, what);
}

bench::comparison consuming(const std::string& brokers, const std::shared_ptr<skewed_topic>& topic,
                            const shape& what) {
  return {
    .name = name_of(what),
    .measures
    = {{.what = "rate", .unit = "k messages/s", .bars = {bench::at_least(0.95, bench::the_floor)}},
       {.what = "cpu",
        .unit = "cpu-s/M messages",
        .bars = {bench::at_most(1.05, bench::the_floor)}}},
    .ours = [=] { return consume_ours(brokers, topic->name(), what); },
    .floor =
      [=] {
        bench::tally into{what.messages};
        bench::consume_raw(brokers, new_group(topic->name()),
                           static_cast<std::size_t>(what.partitions), into,
                           bench::raw_fetching::default_settings, what.work);
        return figures(into, what);
      },
    .rounds = 15,
    .prepare = [=] { topic->fill(what); },
  };
}

} // namespace

int main(int argc, char** argv) {
  const auto brokers = bench::brokers_of("OTTLA_BROKERS");
  const auto topic = std::make_shared<skewed_topic>(brokers);
  constexpr std::size_t large = 1'000'000;
  constexpr std::size_t small = 16'384;
  bench::suite all;
  for (const auto& [partitions, full] : {std::pair{8, 1}, std::pair{64, 1}, std::pair{512, 1},
                                         std::pair{8, 8}, std::pair{64, 64}, std::pair{512, 512}})
    for (const auto batch : {small, large}) {
      const shape instant{.partitions = partitions,
                          .full = full,
                          .message_bytes = 1024,
                          .batch_bytes = batch,
                          .messages = 512 * 400};
      all.add(consuming(brokers, topic, instant));
      auto slow = instant;
      slow.messages = 512 * 200;
      slow.work = 10us;
      all.add(consuming(brokers, topic, slow));
      auto tiny = instant;
      tiny.messages = 512 * 1'000;
      tiny.message_bytes = 100;
      all.add(consuming(brokers, topic, tiny));
    }
  return all.run(argc, argv);
}
