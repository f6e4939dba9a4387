#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <chrono>

namespace ottla::kafka {

/// The gate of a connection sends this to the connection's supervisor: a produce has an earlier
/// deadline than all others.
struct deadline_added {};

/// The connection's supervisor sends this to itself, for a timer of its timer_plan.
struct deadline_timer {
  /// Time of the supervisor's clock.
  std::chrono::nanoseconds at = {};
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_produce_deadlines, ottla::kafka_type_ids + 25)
OTTLA_MESSAGE(ottla_produce_deadlines, (ottla::kafka::deadline_added))
OTTLA_MESSAGE(ottla_produce_deadlines, (ottla::kafka::deadline_timer))
OTTLA_MESSAGES_END(ottla_produce_deadlines)
