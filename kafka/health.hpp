#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// How a consumer group member does; the later, the worse.
enum class health_state : std::uint8_t {
  /// Everything that is assigned is worked on.
  running,
  /// No partitions are assigned yet, or a worker has not finished its start.
  starting,
  /// Something is tried again, or was skipped; the rest goes on.
  degraded,
  /// Something stands still, and nothing that is tried is likely to help.
  stalled,
};

std::string_view to_string(health_state state) noexcept;

/// Asks a connection's `health` process (`orders/health`); answered with health_report.
struct get_health {};

struct health_report {
  struct reason {
    health_state state = health_state::degraded;
    /// Who or what it concerns: `worker/orders/3`, `partition/orders/3`, `topic/orders`, `brokers`.
    std::string what = {};
    /// For people; no secret.
    std::string why = {};
  };

  /// That of the worst reason.
  health_state state = health_state::running;
  /// By what they concern; empty when all is well.
  std::vector<reason> reasons = {};
};

/// `degraded: worker/orders/3: failed 4 times in a row: no database; brokers: …`
std::string to_string(const health_report& report);

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_health, ottla::kafka_type_ids + 45)
OTTLA_MESSAGE(ottla_kafka_health, (ottla::kafka::get_health))
OTTLA_MESSAGE(ottla_kafka_health, (ottla::kafka::health_report))
OTTLA_MESSAGES_END(ottla_kafka_health)
