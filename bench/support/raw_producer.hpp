#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

/// librdkafka's idempotent producer for one topic. Not thread safe.
class raw_producer {
public:
  /// The default of librdkafka's batch.size.
  static constexpr std::size_t default_batch_bytes = 1'000'000;

  /// Throws std::runtime_error if the producer cannot be created.
  raw_producer(const std::string& brokers, std::string topic, std::chrono::milliseconds linger,
               std::size_t batch_bytes = default_batch_bytes);
  raw_producer(const raw_producer&) = delete;
  raw_producer& operator=(const raw_producer&) = delete;

  /// Waits while the buffer is full. `value` is not copied and must outlive this object.
  void produce(std::int32_t partition, std::string_view key, std::string_view value);

  /// Reads the delivery reports.
  void poll(std::chrono::milliseconds within);

  /// Waits until all messages are stored. Throws std::runtime_error if a message is not.
  void flush();

  /// Returns the number of messages in a partition. Waits for the leader of a new topic.
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
