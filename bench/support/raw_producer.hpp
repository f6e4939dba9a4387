#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

/// librdkafka's producer for one topic, idempotent. Not thread safe.
class raw_producer {
public:
  /// librdkafka: batch.size, its default.
  static constexpr std::size_t default_batch_bytes = 1'000'000;

  /// Throws std::runtime_error where it cannot be made.
  raw_producer(const std::string& brokers, std::string topic, std::chrono::milliseconds linger,
               std::size_t batch_bytes = default_batch_bytes);
  raw_producer(const raw_producer&) = delete;
  raw_producer& operator=(const raw_producer&) = delete;

  /// Waits while its buffer is full. The value is not copied: it must outlive this.
  void produce(std::int32_t partition, std::string_view key, std::string_view value);

  /// Takes note of what is stored.
  void poll(std::chrono::milliseconds within);

  /// Until all is stored; throws std::runtime_error where it is not.
  void flush();

  /// How many messages a partition of it holds. Waits for the leader of a topic that is new.
  std::size_t held(std::int32_t partition);

private:
  struct destroy {
    void operator()(rd_kafka_t* handle) const noexcept;
    void operator()(rd_kafka_topic_t* topic) const noexcept;
  };

  const std::string name_;
  std::string failed_;
  std::unique_ptr<rd_kafka_t, destroy> handle_;
  std::unique_ptr<rd_kafka_topic_t, destroy> topic_;
};

} // namespace bench
