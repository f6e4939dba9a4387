#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Health of a connection, from best to worst.
enum class health_state : std::uint8_t {
  /// No fault is known, and each assigned partition has a worker.
  healthy,
  /// No partitions are assigned yet, or a worker has not finished its start.
  starting,
  /// A topic, a worker or another part is being retried, or was skipped. All other parts work.
  degraded,
  /// A part of the connection has stopped, and a retry is not likely to help.
  stalled,
};

std::string_view to_string(health_state state) noexcept;

/// Request to a connection's `health` process (`orders/health`). Answered with health_report.
struct get_health {};

/// Health of a connection, with a reason for each fault.
struct health_report {
  struct reason {
    health_state state = health_state::degraded;
    /// Subject of the reason: `worker/orders/3`, `partition/orders/3`, `topic/orders`, `brokers`.
    std::string what = {};
    /// Description for people, without secrets.
    std::string why = {};
  };

  /// State of the worst reason; healthy if there is no reason.
  health_state state = health_state::healthy;
  /// Sorted by `what`; empty if the connection is healthy.
  std::vector<reason> reasons = {};
};

/// One line for people: `degraded: worker/orders/3: failed 4 times in a row: no database; brokers:
/// …`
std::string to_string(const health_report& report);

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_health, ottla::kafka_type_ids + 45)
OTTLA_MESSAGE(ottla_kafka_health, (ottla::kafka::get_health))
OTTLA_MESSAGE(ottla_kafka_health, (ottla::kafka::health_report))
OTTLA_MESSAGES_END(ottla_kafka_health)
