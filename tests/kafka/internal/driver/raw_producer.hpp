#pragma once

#include "kafka/internal/driver/raw_topic.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ottla::kafka::test {

/// Produces to partition 0 with features that ottla's producer does not have: any timestamp,
/// tombstones and transactions.
class raw_producer {
public:
  /// The producer is transactional if `transactional_id` is not empty.
  explicit raw_producer(const std::string& brokers, const std::string& transactional_id = {})
    : handle_{open_raw(RD_KAFKA_PRODUCER, settings(brokers, transactional_id))} {
    if (!transactional_id.empty())
      require(rd_kafka_init_transactions(handle_.get(), within_ms));
  }

  void send(const std::string& topic, const std::string& value,
            const std::optional<std::string>& key = std::nullopt,
            std::optional<std::chrono::system_clock::time_point> when = std::nullopt) {
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    send_at(topic, value, key,
            when ? duration_cast<milliseconds>(when->time_since_epoch()).count() : 0);
  }

  /// Sends a record with any timestamp, in milliseconds since 1970.
  void send_at(const std::string& topic, const std::string& value,
               const std::optional<std::string>& key, std::int64_t since_epoch) {
    put(topic, value, key, since_epoch);
  }

  /// Sends a tombstone. Compaction deletes the key, and later the tombstone.
  void erase(const std::string& topic, const std::string& key) { put(topic, std::nullopt, key, 0); }

  /// Waits until all records are in the log.
  void flush() { REQUIRE(rd_kafka_flush(handle_.get(), within_ms) == RD_KAFKA_RESP_ERR_NO_ERROR); }

  void begin() { require(rd_kafka_begin_transaction(handle_.get())); }
  void commit() { require(rd_kafka_commit_transaction(handle_.get(), within_ms)); }
  /// Aborts the transaction. Messages that were flushed stay in the log as aborted messages.
  void abort() { require(rd_kafka_abort_transaction(handle_.get(), within_ms)); }

private:
  static constexpr int within_ms = 30'000;

  static std::map<std::string, std::string> settings(const std::string& brokers,
                                                     const std::string& transactional_id) {
    std::map<std::string, std::string> all{{"bootstrap.servers", brokers},
                                           {"enable.idempotence", "true"}};
    if (!transactional_id.empty())
      all["transactional.id"] = transactional_id;
    return all;
  }

  void put(const std::string& topic, const std::optional<std::string>& value,
           const std::optional<std::string>& key, std::int64_t since_epoch) {
    const auto bytes = [](const auto& of) { return of ? const_cast<char*>(of->data()) : nullptr; };
    const auto size = [](const auto& of) { return of ? of->size() : 0; };
    const auto code = rd_kafka_producev(
      handle_.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(bytes(value), size(value)),
      RD_KAFKA_V_KEY(bytes(key), size(key)), RD_KAFKA_V_TIMESTAMP(since_epoch), RD_KAFKA_V_END);
    REQUIRE_MESSAGE(code == RD_KAFKA_RESP_ERR_NO_ERROR, std::string{rd_kafka_err2str(code)});
  }

  static void require(rd_kafka_error_t* failure) {
    const owned<rd_kafka_error_t, rd_kafka_error_destroy> held{failure};
    REQUIRE_MESSAGE(failure == nullptr, std::string{rd_kafka_error_string(failure)});
  }

  owned_handle handle_;
};

} // namespace ottla::kafka::test
