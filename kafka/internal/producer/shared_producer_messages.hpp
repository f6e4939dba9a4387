#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

namespace ottla::kafka {

/// The shared producer sends these to itself, or its gate sends them.
struct producer_woke {};
struct flush_deadline {};
struct report_deadline {};
struct check_idle {};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_shared_producer, ottla::kafka_type_ids + 20)
OTTLA_MESSAGE(ottla_shared_producer, (ottla::kafka::producer_woke))
OTTLA_MESSAGE(ottla_shared_producer, (ottla::kafka::flush_deadline))
OTTLA_MESSAGE(ottla_shared_producer, (ottla::kafka::report_deadline))
OTTLA_MESSAGE(ottla_shared_producer, (ottla::kafka::check_idle))
OTTLA_MESSAGES_END(ottla_shared_producer)
