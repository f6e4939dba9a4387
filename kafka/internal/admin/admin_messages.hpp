#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstdint>
#include <functional>

namespace ottla::kafka {

/// The seam has carried out a request.
struct admin_answered {
  std::uint64_t asked = 0;
  /// Delivers the answer to the caller.
  std::function<void(caf::response_promise&)> deliver = nullptr;
};

/// The admin process sends this to itself.
struct admin_overdue {
  std::uint64_t asked = 0;
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_admin_process, ottla::kafka_type_ids + 240)
OTTLA_MESSAGE(ottla_kafka_admin_process, (ottla::kafka::admin_answered))
OTTLA_MESSAGE(ottla_kafka_admin_process, (ottla::kafka::admin_overdue))
OTTLA_MESSAGES_END(ottla_kafka_admin_process)
