#include "support/producing_loop.hpp"

#include "support/process_usage.hpp"
#include "support/scratch_topic.hpp"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

namespace {

constexpr int flush_within_ms = 120'000;

struct destroy {
  void operator()(rd_kafka_t* handle) const noexcept { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
};

/// An idempotent producer that counts the stored records.
class counting_producer {
public:
  counting_producer(const std::string& brokers, const std::string& topic) {
    auto* conf = rd_kafka_conf_new();
    std::array<char, 512> why{};
    for (const auto& [key, value] :
         {std::pair{"bootstrap.servers", brokers.c_str()}, std::pair{"enable.idempotence", "true"},
          std::pair{"linger.ms", "5"}, std::pair{"queue.buffering.max.kbytes", "65536"},
          std::pair{"queue.buffering.max.messages", "0"},
          std::pair{"partitioner", "murmur2_random"}})
      if (rd_kafka_conf_set(conf, key, value, why.data(), why.size()) != RD_KAFKA_CONF_OK)
        throw std::runtime_error{why.data()};
    rd_kafka_conf_set_opaque(conf, this);
    rd_kafka_conf_set_dr_msg_cb(conf,
                                [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
                                  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
                                    ++static_cast<counting_producer*>(self)->stored_;
                                });
    handle_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()));
    if (!handle_)
      throw std::runtime_error{why.data()};
    topic_.reset(rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr));
  }

  void produce(const std::string& key, const std::string& value) {
    while (rd_kafka_produce(topic_.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                            const_cast<char*>(value.data()), value.size(), key.data(), key.size(),
                            nullptr)
           != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        throw std::runtime_error{rd_kafka_err2str(rd_kafka_last_error())};
      poll(10);
    }
  }
  void poll(int within_ms) { rd_kafka_poll(handle_.get(), within_ms); }

  /// Returns the number of records that are stored.
  std::size_t flush() {
    rd_kafka_flush(handle_.get(), flush_within_ms);
    return stored_;
  }

private:
  std::size_t stored_ = 0;
  std::unique_ptr<rd_kafka_t, destroy> handle_;
  std::unique_ptr<rd_kafka_topic_t, destroy> topic_;
};

void check(std::size_t stored, std::size_t produced) {
  if (stored != produced)
    throw std::runtime_error{fmt::format("only {} of {} records are stored", stored, produced)};
}

producing_figures figures_of(const process_usage& used, std::size_t records) {
  const auto million = static_cast<double>(records) / 1e6;
  return {.million_a_second = million / used.elapsed.count(),
          .cpu_seconds_a_million = used.cpu.count() / million};
}

} // namespace

std::string key_of(std::size_t number) {
  return fmt::format("{:08}", number % 100'000'000);
}

producing_figures produce_raw(const std::string& brokers, const producing_load& what) {
  const scratch_topic topic{brokers, what.partitions};
  counting_producer to{brokers, topic.name()};
  to.produce(key_of(0), "the first record waits for the leader");
  check(to.flush(), 1);
  const std::string value(what.record_bytes - key_of(0).size(), 'x');
  const auto begin = usage_now();
  for (std::size_t number = 0; number < what.records; ++number) {
    to.produce(key_of(number), value);
    if (number % 1'000 == 0)
      to.poll(0);
  }
  check(to.flush(), what.records + 1);
  return figures_of(usage_now() - begin, what.records);
}

std::size_t list_load::records() const {
  std::size_t round = 0;
  for (const auto& each : shapes)
    round += each.records;
  return round * (lists / shapes.size()) * callers;
}

producing_figures produce_lists_raw(const std::string& brokers, const list_load& what) {
  const scratch_topic topic{brokers, 1};
  std::vector<std::unique_ptr<counting_producer>> to;
  for (std::size_t i = 0; i < what.callers; ++i) {
    to.push_back(std::make_unique<counting_producer>(brokers, topic.name()));
    to.back()->produce(key_of(0), "the first record waits for the leader");
    check(to.back()->flush(), 1);
  }
  std::atomic<std::size_t> stored = 0;
  const auto begin = usage_now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t caller = 0; caller < what.callers; ++caller)
      threads.emplace_back([&, caller] {
        auto& mine = *to[caller];
        std::size_t all = 0;
        for (std::size_t number = 0; number < what.lists; ++number) {
          const auto shape = what.list(caller + number);
          const std::string value(shape.value_bytes(), 'x');
          for (std::size_t i = 0; i < shape.records; ++i)
            mine.produce(key_of(i), value);
          all = mine.flush();
        }
        stored += all;
      });
  }
  const auto used = usage_now() - begin;
  check(stored, what.records() + what.callers);
  return figures_of(used, what.records());
}

} // namespace bench
