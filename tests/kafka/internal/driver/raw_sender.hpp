#pragma once

#include "kafka/internal/driver/raw_topic.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace ottla::kafka::test {

/// Sends records to any partition of one topic, in batches of 200.
class raw_sender {
public:
  raw_sender(const std::string& brokers, std::string topic)
    : topic_{std::move(topic)},
      handle_{open_raw(
        RD_KAFKA_PRODUCER,
        {{"bootstrap.servers", brokers}, {"batch.num.messages", "200"}, {"linger.ms", "5"}})} {}

  /// Waits while the producer's queue is full.
  void send(std::int32_t partition, const std::string& value) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (rd_kafka_producev(
             handle_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_PARTITION(partition),
             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
             RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()), RD_KAFKA_V_END)
             == RD_KAFKA_RESP_ERR__QUEUE_FULL
           && std::chrono::steady_clock::now() < until)
      rd_kafka_poll(handle_.get(), 10);
  }

  /// Waits until all records are in the log.
  void flush() { REQUIRE(rd_kafka_flush(handle_.get(), 20'000) == RD_KAFKA_RESP_ERR_NO_ERROR); }

private:
  std::string topic_;
  owned_handle handle_;
};

} // namespace ottla::kafka::test
