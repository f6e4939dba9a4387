// What does consuming through the tree cost compared with a raw librdkafka loop and with other
// clients?

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/supervision/application.hpp>

#include "support/brokers.hpp"
#include "support/filled_topic.hpp"
#include "support/fresh_name.hpp"
#include "support/kafka_peers.hpp"
#include "support/raw_group.hpp"
#include "support/suite.hpp"
#include "support/tally.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <tuple>
#include <utility>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

void expect(std::int64_t wanted, std::int64_t offset) {
  if (offset != wanted)
    throw std::runtime_error{fmt::format("received offset {}, expected {}", offset, wanted)};
}

class batch_reader : public kafka::batch_handler {
public:
  explicit batch_reader(std::shared_ptr<bench::tally> into) : into_{std::move(into)} {}

  void start(const kafka::assignment& what) override { next_ = what.begins_at; }

  kafka::verdict handle(kafka::batch messages) override {
    into_->begin();
    expect(next_, messages.front().offset());
    std::uint64_t seen = 0;
    for (const auto& message : messages)
      seen += bench::tally::read(message.key(), message.value());
    next_ = messages.back().offset() + 1;
    into_->add(messages.size(), seen);
    return kafka::ack();
  }

private:
  std::shared_ptr<bench::tally> into_;
  std::int64_t next_ = 0;
};

class message_reader : public kafka::message_handler {
public:
  /// `records` is the number of records in the handler's partition.
  message_reader(std::shared_ptr<bench::tally> into, std::int64_t records)
    : into_{std::move(into)}, end_{records} {}

  void start(const kafka::assignment& what) override { next_ = noted_ = what.begins_at; }

  kafka::verdict handle(const kafka::message& one) override {
    if (next_ == noted_)
      into_->begin();
    expect(next_, one.offset());
    seen_ += bench::tally::read(one.key(), one.value());
    ++next_;
    // Updates the tally as rarely as the other contenders do, to give all of them the same cost.
    if (next_ - noted_ == told_each || next_ == end_) {
      into_->add(static_cast<std::size_t>(next_ - noted_), std::exchange(seen_, 0));
      noted_ = next_;
    }
    return kafka::ack();
  }

private:
  static constexpr std::int64_t told_each = 1'000;

  std::shared_ptr<bench::tally> into_;
  const std::int64_t end_;
  std::int64_t next_ = 0;
  std::int64_t noted_ = 0;
  std::uint64_t seen_ = 0;
};

using tally_ptr = std::shared_ptr<bench::tally>;
using handler_of = std::function<kafka::handler_factory(const tally_ptr&)>;

/// Each run has a new group, which reads the topic from the first message.
kafka::group_consumer new_group(const bench::filled_topic& topic) {
  return {
    .group = bench::fresh_name("throughput"),
    .topics = {topic.name()},
    .handler = {},
  };
}

kafka::connection connection_of(const std::string& brokers, const kafka::group_consumer& group) {
  return {.name = "topic",
          .brokers = brokers,
          .group_consumer = group,
          // A restart would falsify the figures, so it ends the run.
          .restarts = {.at_most = 0}};
}

void consume_in_tree(const std::string& brokers, const kafka::group_consumer& group,
                     bench::tally& into) {
  auto done = into.when_done();
  const ottla::application tree{{.id = "consume", .children = {connection_of(brokers, group)}}};
  if (done.wait_for(120s) != std::future_status::ready)
    throw std::runtime_error{fmt::format("only {} messages arrived", into.count())};
}

/// `of` holds cpu-seconds, seconds, messages and bytes.
std::vector<double> figures(const std::vector<double>& of, const bench::filled_topic& topic) {
  const auto messages = static_cast<double>(topic.messages);
  if (of.at(2) != messages || of.at(3) != messages * static_cast<double>(topic.message_bytes))
    throw std::runtime_error{
      fmt::format("received {} messages with {} bytes in all", of[2], of[3])};
  const auto million = messages / 1e6;
  return {of[0] / million, million / of[1]};
}

std::vector<double> figures(const bench::tally& of, const bench::filled_topic& topic) {
  const auto used = of.used();
  return figures({used.cpu.count(), used.elapsed.count(), static_cast<double>(of.count()),
                  static_cast<double>(of.seen())},
                 topic);
}

bench::comparison consuming(const std::string& brokers, const bench::filled_topic& topic,
                            const std::string& how, const handler_of& handler, double most) {
  const auto in
    = fmt::format("{}, {} partition{}, {}", topic.message_bytes == 1024 ? "1 KiB" : "100 B",
                  topic.partitions, topic.partitions == 1 ? "" : "s", how);
  return {
    .name = in,
    .measures = {{.what = "cpu of consuming",
                  .unit = "cpu-s/M messages",
                  .bars = {bench::at_most(most, bench::the_floor)}},
                 {.what = "rate of consuming", .unit = "M messages/s"}},
    .ours =
      [=] {
        const auto into = std::make_shared<bench::tally>(topic.messages);
        auto group = new_group(topic);
        group.handler = handler(into);
        consume_in_tree(brokers, group, *into);
        return figures(*into, topic);
      },
    .floor =
      [=] {
        const auto into = std::make_shared<bench::tally>(topic.messages);
        bench::consume_raw(brokers, new_group(topic), static_cast<std::size_t>(topic.partitions),
                           *into);
        return figures(*into, topic);
      },
    .prepare = [=] { bench::fill(brokers, topic); },
  };
}

void add_peer(bench::comparison& to, const std::string& name,
              const std::shared_ptr<bench::peer>& who, const std::string& brokers,
              const bench::filled_topic& topic) {
  to.measures.front().bars.push_back(bench::at_most(1, name));
  to.peers.push_back({name, [=] {
                        return figures(
                          bench::poll_and_commit(*who, brokers, new_group(topic), topic), topic);
                      }});
}

} // namespace

int main(int argc, char** argv) {
  const auto brokers = bench::brokers_of("OTTLA_BROKERS");
  const auto java = bench::java_peer();
  const auto go = bench::go_peer();
  bench::suite all;
  for (const int partitions : {1, 8, 64})
    for (const auto& [bytes, messages, most] :
         {std::tuple{100, 4'000'000, 1.15}, std::tuple{1024, 1'000'000, 1.1}}) {
      const bench::filled_topic topic{.message_bytes = static_cast<std::size_t>(bytes),
                                      .partitions = partitions,
                                      .messages = static_cast<std::size_t>(messages)};
      auto batches = consuming(
        brokers, topic, "batches",
        [](const tally_ptr& into) { return kafka::handler<batch_reader>(into); }, most);
      add_peer(batches, bench::java_client, java, brokers, topic);
      add_peer(batches, bench::franz_go, go, brokers, topic);
      all.add(std::move(batches));
      const std::int64_t each = messages / partitions;
      all.add(consuming(
        brokers, topic, "records",
        [each](const tally_ptr& into) { return kafka::handler<message_reader>(into, each); }, 1.3));
    }
  return all.run(argc, argv);
}
