#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace ottla::kafka {

template <auto Destroy>
struct destroy_with {
  void operator()(auto* object) const noexcept { Destroy(object); }
};

/// Owns an object of librdkafka: `owned<rd_kafka_queue_t, rd_kafka_queue_destroy>`.
template <class T, auto Destroy>
using owned = std::unique_ptr<T, destroy_with<Destroy>>;

using owned_handle = owned<rd_kafka_t, rd_kafka_destroy>;
using owned_conf = owned<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using owned_event = owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using owned_queue = owned<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using owned_topic = owned<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using owned_metadata = owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;

} // namespace ottla::kafka
