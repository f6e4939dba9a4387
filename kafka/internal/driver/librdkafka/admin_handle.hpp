#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>
#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/lookup_handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <librdkafka/rdkafka.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// The Kafka handles for admin requests: one for the requests themselves, one for look-ups of
/// offsets. The first use of each opens it. Until close(), a handle costs a connection to each
/// broker that was asked, and a thread for each broker of the cluster.
///
/// Thread safety: one thread at a time.
class admin_handle {
public:
  /// `contact` knows which brokers have accepted the settings before. Brokers that accept the
  /// settings now are added to `contact`.
  admin_handle(cluster_settings of, std::shared_ptr<broker_contact> contact);

  /// Opens the handle if it is not open. Does not wait for a broker.
  std::optional<error> open();

  /// Call the following functions only after open().
  rd_kafka_t* native() const noexcept { return native_.get(); }

  /// Reads the pending events of the handle, and returns the last failure since worked(). A failure
  /// that names a cause has priority.
  const std::optional<error>& complaint();

  /// A broker has answered.
  void worked();

  /// Puts a text from a broker on one line, and masks the secrets of the settings.
  std::string plain(std::string_view text) const { return reader_->plain(text); }

  const std::string& brokers() const noexcept { return settings_.brokers; }
  lookup_handle& lookups() noexcept { return lookups_; }

  /// Closes the connections. Blocks.
  void close();

private:
  const cluster_settings settings_;
  const std::shared_ptr<broker_contact> contact_; // outlives the handle
  owned_handle native_;
  std::optional<log_and_error_reader> reader_;
  std::optional<error> complaint_;
  /// Looks up high watermarks, so transactions that are open do not hide records.
  lookup_handle lookups_;
};

} // namespace ottla::kafka
