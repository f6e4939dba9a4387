#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/librdkafka/handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace ottla::kafka {

/// The librdkafka handle that all queues of one reader share.
///
/// Thread safety: call from any thread.
class reader_core {
public:
  explicit reader_core(std::shared_ptr<handle> of)
    : handle_{std::move(of)}, reader_{handle_->native(), handle_->brokers()} {}

  const std::shared_ptr<handle>& of() const noexcept { return handle_; }

  /// Null if librdkafka rejects the name. The pointer stays valid until close().
  rd_kafka_topic_t* topic(const std::string& name);

  /// Reads the pending events of the handle.
  void listen();

  /// Messages have arrived, so earlier failures explain nothing any more.
  void forget_complaint();

  /// The last failure of a connection since the last message, if any.
  std::optional<error> complaint();

  /// Releases the topics. Destroy all queues first.
  void close();

private:
  std::mutex lock_;
  std::shared_ptr<handle> handle_;
  log_and_error_reader reader_;
  std::optional<error> complaint_;
  std::map<std::string, owned_topic> topics_;
};

} // namespace ottla::kafka
