#pragma once

#include <ottla/kafka/client/librdkafka/broker_contact.hpp>
#include <ottla/kafka/client/librdkafka/connection_faults.hpp>
#include <ottla/kafka/client/secret_mask.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/log_line.hpp>

#include <librdkafka/rdkafka.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Why a broker's certificate is refused goes into the log of handles made from `conf`.
void explain_refused_certificates(rd_kafka_conf_t* conf);

/// Reads the error and log events of one handle: what is wrong in plain words, without secrets.
///
/// Thread safety: one thread at a time.
class report_reader {
public:
  /// The handle must outlive this. `contact` tells which brokers accepted the settings before;
  /// null: none is known to have.
  explicit report_reader(rd_kafka_t* native,
                         std::shared_ptr<const broker_contact> contact = nullptr);

  /// nullopt: the event tells nothing that is a fault by itself.
  std::optional<error> read_error(rd_kafka_event_t* event) const;

  log_line read_log(rd_kafka_event_t* event);

  /// A text that comes from a broker or a provider of tokens: on one line, without secrets.
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
