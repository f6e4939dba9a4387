#pragma once

#include <librdkafka/rdkafka.h>

#include <string>

namespace ottla::kafka {

/// Whether `conf` holds a number that differs from the given `value`. librdkafka keeps only the
/// lower 32 bits of a number, and accepts these bits if they are a valid value.
bool was_cut(const rd_kafka_conf_t* conf, const std::string& key, const std::string& value);

} // namespace ottla::kafka
