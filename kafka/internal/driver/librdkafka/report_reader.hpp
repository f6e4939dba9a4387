#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>
#include <ottla/kafka/internal/driver/librdkafka/connection_faults.hpp>
#include <ottla/kafka/internal/text/secret_mask.hpp>
#include <ottla/kafka/log_line.hpp>

#include <librdkafka/rdkafka.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Makes handles of `conf` log why they reject a broker's certificate.
void explain_refused_certificates(rd_kafka_conf_t* conf);

/// Turns the error and log events of one handle into plain words, without secrets.
///
/// Thread safety: one thread at a time.
class report_reader {
public:
  /// The handle must outlive this object. `contact` knows which brokers accepted the settings
  /// before; null: no such broker is known.
  explicit report_reader(rd_kafka_t* native,
                         std::shared_ptr<const broker_contact> contact = nullptr);

  /// nullopt: the event is no fault by itself.
  std::optional<error> read_error(rd_kafka_event_t* event) const;

  log_line read_log(rd_kafka_event_t* event);

  /// Puts a text from a broker or a provider of tokens on one line, and masks its secrets.
  std::string plain(std::string_view text) const;

private:
  /// The text of a lost connection to a broker that accepted the settings before.
  std::optional<std::string> loss(std::string_view text) const;

  rd_kafka_t* native_;
  std::shared_ptr<const broker_contact> contact_;
  secret_mask mask_;
  connection_faults faults_;
};

} // namespace ottla::kafka
