#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>

namespace ottla::kafka {

/// The group's generation as this member knows it; -1 outside of a group. Takes some microseconds.
std::int32_t generation_of(rd_kafka_t* consumer);

} // namespace ottla::kafka
