// How fast does a stream read a topic, compared with a raw loop?

#include <ottla/kafka/fetch/stream.hpp>

#include "support/brokers.hpp"
#include "support/filled_topic.hpp"
#include "support/process_usage.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

struct seen {
  std::size_t records = 0;
  std::size_t bytes = 0;
};

seen read_stream(const std::string& brokers, const bench::filled_topic& topic) {
  auto records = kafka::open_stream({.brokers = brokers}, {.topic = topic.name()}, 30s);
  if (!records)
    throw std::runtime_error{to_string(records.error())};
  seen all;
  for (const auto& each : *records) {
    ++all.records;
    all.bytes += each.key().size() + each.value().size();
  }
  if (records->failure())
    throw std::runtime_error{to_string(*records->failure())};
  return all;
}

struct destroy {
  void operator()(rd_kafka_t* of) const noexcept { rd_kafka_destroy(of); }
  void operator()(rd_kafka_topic_t* of) const noexcept { rd_kafka_topic_destroy(of); }
  void operator()(rd_kafka_queue_t* of) const noexcept { rd_kafka_queue_destroy(of); }
};

/// What a raw loop has read.
struct raw_count {
  std::int32_t open = 0; ///< partitions whose end is not reached
  seen all = {};
};

void note_record(rd_kafka_message_t* one, void* into) {
  auto& count = *static_cast<raw_count*>(into);
  if (one->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++count.all.records;
    count.all.bytes += one->key_len + one->len;
  } else if (one->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    --count.open;
  }
}

/// One thread and one queue, with librdkafka's default settings and no group.
seen read_raw(const std::string& brokers, const bench::filled_topic& topic) {
  constexpr int patience_ms = 30'000;
  std::array<char, 512> why{};
  auto* conf = rd_kafka_conf_new();
  for (const auto& [key, value] :
       {std::pair{"bootstrap.servers", brokers.c_str()}, std::pair{"enable.partition.eof", "true"},
        std::pair{"enable.auto.commit", "false"}})
    rd_kafka_conf_set(conf, key, value, why.data(), why.size());
  const std::unique_ptr<rd_kafka_t, destroy> handle{
    rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size())};
  if (!handle)
    throw std::runtime_error{why.data()};
  const std::unique_ptr<rd_kafka_topic_t, destroy> from{
    rd_kafka_topic_new(handle.get(), topic.name().c_str(), nullptr)};
  const std::unique_ptr<rd_kafka_queue_t, destroy> queue{rd_kafka_queue_new(handle.get())};
  for (std::int32_t partition = 0; partition < topic.partitions; ++partition)
    rd_kafka_consume_start_queue(from.get(), partition, 0, queue.get());
  raw_count count{.open = topic.partitions};
  // Unlike rd_kafka_consume_batch_queue, this function does not wait for a full batch.
  while (count.open > 0)
    if (rd_kafka_consume_callback_queue(queue.get(), patience_ms, note_record, &count) <= 0)
      throw std::runtime_error{fmt::format("only {} records arrived", count.all.records)};
  for (std::int32_t partition = 0; partition < topic.partitions; ++partition)
    rd_kafka_consume_stop(from.get(), partition);
  return count.all;
}

template <class Read>
std::vector<double> measured(Read read, const std::string& brokers,
                             const bench::filled_topic& topic) {
  const auto begin = bench::usage_now();
  const auto all = read(brokers, topic);
  const auto used = bench::usage_now() - begin;
  if (all.records != topic.messages || all.bytes != topic.messages * topic.message_bytes)
    throw std::runtime_error{fmt::format("read {} records with {} bytes", all.records, all.bytes)};
  const auto million = static_cast<double>(topic.messages) / 1e6;
  return {million / used.elapsed.count(), used.cpu.count() / million};
}

} // namespace

int main(int argc, char** argv) {
  const auto brokers = bench::brokers_of("OTTLA_BROKERS");
  bench::suite all;
  for (const int partitions : {1, 8}) {
    const bench::filled_topic topic{
      .message_bytes = 1024, .partitions = partitions, .messages = 1'000'000};
    all.add({.name = fmt::format("1 KiB, {} partition{}", partitions, partitions == 1 ? "" : "s"),
             .measures = {{.what = "rate of a stream",
                           .unit = "M records/s",
                           .bars = {bench::at_least(0.9, bench::the_floor)}},
                          {.what = "cpu of a stream", .unit = "cpu-s/M records"}},
             .ours = [=] { return measured(read_stream, brokers, topic); },
             .floor = [=] { return measured(read_raw, brokers, topic); },
             .prepare = [=] { bench::fill(brokers, topic); }});
  }
  return all.run(argc, argv);
}
