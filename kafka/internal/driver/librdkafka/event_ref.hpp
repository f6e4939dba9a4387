#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace ottla::kafka {

struct destroy_event {
  void operator()(rd_kafka_event_t* event) const noexcept { rd_kafka_event_destroy(event); }
};

using event_ref = std::unique_ptr<rd_kafka_event_t, destroy_event>;

} // namespace ottla::kafka
