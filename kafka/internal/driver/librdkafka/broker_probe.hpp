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

/// Checks whether any broker answers. Keeps a connection of its own from one question to the next.
///
/// Thread safety: call from any thread. Questions wait for each other.
class broker_probe {
public:
  /// The connection's other handles share `contact`.
  broker_probe(cluster_settings of, std::shared_ptr<broker_contact> contact);
  ~broker_probe();
  broker_probe(const broker_probe&) = delete;
  broker_probe& operator=(const broker_probe&) = delete;

  /// nullopt: a broker answered. Blocks for `within` at most, and returns soon after a stop.
  std::optional<error> ask(std::chrono::milliseconds within, const std::stop_token& stop);

  /// Closes the connection. Blocks. The next question opens another one.
  void close();

private:
  struct line;

  const cluster_settings cluster_;
  const std::shared_ptr<broker_contact> contact_;
  std::mutex one_at_a_time_;
  std::unique_ptr<line> line_;
};

} // namespace ottla::kafka
