// What does consuming through the tree cost against a raw librdkafka loop?

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/supervision/application.hpp>

#include "support/filled_topic.hpp"
#include "support/raw_group.hpp"
#include "support/suite.hpp"
#include "support/tally.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <unistd.h>
#include <utility>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

class looking_handler : public kafka::message_handler {
public:
  explicit looking_handler(std::shared_ptr<bench::tally> into) : into_{std::move(into)} {}

  void start(const kafka::assignment& what) override { next_ = what.begins_at; }

  kafka::verdict handle(kafka::batch messages) override {
    into_->begin();
    if (messages.front().offset() != next_)
      throw std::runtime_error{fmt::format("{} came for {}", messages.front().offset(), next_)};
    std::uint64_t seen = 0;
    for (const auto& message : messages)
      seen += bench::tally::look_at(message.key(), message.value());
    next_ = messages.back().offset() + 1;
    into_->add(messages.size(), seen);
    return kafka::ack();
  }

private:
  std::shared_ptr<bench::tally> into_;
  std::int64_t next_ = 0;
};

/// A group of its own for each run: it reads the topic from its beginning.
kafka::group_consumer new_group(const bench::filled_topic& topic,
                                const std::shared_ptr<bench::tally>& into) {
  static int last = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {
    .group = fmt::format("bench-{}-{}-{}", getpid(), now.count(), ++last),
    .topics = {topic.name()},
    .handler = kafka::handler<looking_handler>(into),
  };
}

kafka::connection connection_of(const std::string& brokers, const kafka::group_consumer& group) {
  return {.name = "topic",
          .brokers = brokers,
          .group_consumer = group,
          // A process that has to be restarted is no answer.
          .restarts = {.at_most = 0}};
}

void consume_in_tree(const std::string& brokers, const kafka::group_consumer& group,
                     bench::tally& into) {
  auto done = into.when_done();
  const ottla::application tree{{.id = "consume", .children = {connection_of(brokers, group)}}};
  if (done.wait_for(120s) != std::future_status::ready)
    throw std::runtime_error{fmt::format("only {} messages came", into.count())};
}

std::vector<double> figures(const bench::tally& of, const bench::filled_topic& topic) {
  if (of.count() != topic.messages || of.seen() != topic.messages * topic.message_bytes)
    throw std::runtime_error{fmt::format("{} messages of {} bytes came", of.count(), of.seen())};
  const auto used = of.used();
  const auto million = static_cast<double>(topic.messages) / 1e6;
  return {used.cpu.count() / million, million / used.elapsed.count()};
}

bench::comparison consuming(const std::string& brokers, const bench::filled_topic& topic,
                            std::string name, double most) {
  return {
    .name = std::move(name),
    .measures = {{.what = "cpu of consuming",
                  .unit = "cpu-s/M messages",
                  .bars = {bench::at_most(most, bench::the_floor)}},
                 {.what = "rate of consuming", .unit = "M messages/s"}},
    .ours =
      [=] {
        const auto into = std::make_shared<bench::tally>(topic.messages);
        consume_in_tree(brokers, new_group(topic, into), *into);
        return figures(*into, topic);
      },
    .floor =
      [=] {
        const auto into = std::make_shared<bench::tally>(topic.messages);
        bench::consume_raw(brokers, new_group(topic, into), *into);
        return figures(*into, topic);
      },
    .prepare = [=] { bench::fill(brokers, topic); },
  };
}

} // namespace

int main(int argc, char** argv) {
  const auto* brokers = std::getenv("OTTLA_BROKERS");
  if (brokers == nullptr) {
    fmt::print(stderr, "OTTLA_BROKERS must name an Apache Kafka, host:port\n");
    return EXIT_FAILURE;
  }
  bench::suite all;
  for (const int partitions : {1, 8}) {
    const auto* plural = partitions == 1 ? "partition" : "partitions";
    all.add(consuming(brokers,
                      {.message_bytes = 100, .partitions = partitions, .messages = 4'000'000},
                      fmt::format("100 B, {} {}", partitions, plural), 1.2));
    all.add(consuming(brokers,
                      {.message_bytes = 1024, .partitions = partitions, .messages = 1'000'000},
                      fmt::format("1 KiB, {} {}", partitions, plural), 1.15));
  }
  return all.run(argc, argv);
}
