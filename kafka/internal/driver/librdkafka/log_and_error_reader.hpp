#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>
#include <ottla/kafka/internal/driver/librdkafka/connection_faults.hpp>
#include <ottla/kafka/internal/text/secret_mask.hpp>
#include <ottla/kafka/log_line.hpp>

#include <librdkafka/rdkafka.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Handles that are opened with `conf` will log why they reject a broker's certificate.
void explain_refused_certificates(rd_kafka_conf_t* conf);

/// Converts the error and log events of one handle to plain texts without secrets.
///
/// Thread safety: one thread at a time.
class log_and_error_reader {
public:
  /// The handle must outlive this object. `contact` knows which brokers have accepted the settings
  /// before. `contact` may be null.
  explicit log_and_error_reader(rd_kafka_t* native,
                                std::shared_ptr<const broker_contact> contact = nullptr);

  /// Returns nullopt if the event alone does not show a fault.
  std::optional<error> read_error(rd_kafka_event_t* event) const;

  log_line read_log(rd_kafka_event_t* event);

  /// Reads all pending events of a handle whose events go to its main queue. Calls `note` with the
  /// result of read_error for each error event. Reads log events like read_log, and drops the
  /// lines.
  void read_pending(const std::function<void(std::optional<error>)>& note);

  /// Puts a text from a broker or a provider of tokens on one line, and masks its secrets.
  std::string plain(std::string_view text) const;

private:
  /// Returns the text for a lost connection to a broker that has accepted the settings before.
  /// Returns nullopt for any other text.
  std::optional<std::string> loss(std::string_view text) const;

  rd_kafka_t* native_;
  std::shared_ptr<const broker_contact> contact_;
  secret_mask mask_;
  connection_faults faults_;
};

} // namespace ottla::kafka
