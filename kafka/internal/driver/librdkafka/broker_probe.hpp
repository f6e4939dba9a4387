#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace ottla::kafka {

/// Checks whether any broker answers. Keeps its own connection open between two calls of ask().
///
/// Thread safety: call from any thread. Concurrent calls run one after the other.
class broker_probe {
public:
  /// The connection's other handles use the same `contact`.
  broker_probe(cluster_settings of, std::shared_ptr<broker_contact> contact);
  ~broker_probe();
  broker_probe(const broker_probe&) = delete;
  broker_probe& operator=(const broker_probe&) = delete;

  /// Returns nullopt if a broker answered. Blocks for at most `within`. Returns soon after a stop
  /// request.
  std::optional<error> ask(std::chrono::milliseconds within, const std::stop_token& stop);

  /// Closes the connection. Blocks. The next ask() opens a new connection.
  void close();

private:
  struct line;

  const cluster_settings cluster_;
  const std::shared_ptr<broker_contact> contact_;
  std::mutex one_at_a_time_;
  std::unique_ptr<line> line_;
};

} // namespace ottla::kafka
