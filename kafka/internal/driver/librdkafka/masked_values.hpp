#pragma once

#include <ottla/kafka/internal/text/secret_mask.hpp>

#include <librdkafka/rdkafka.h>

#include <string>

namespace ottla::kafka {

/// Hides the passwords, keys and OAuth settings of a handle. Also hides the values of other keys
/// that may hold a secret, such as sasl.username, unless the value is the default, has lower-case
/// letters only, or may be shown.
secret_mask mask_of(const rd_kafka_conf_t* conf);

/// The value of a key; empty if the key is not set or not known.
std::string value_of(const rd_kafka_conf_t* conf, const char* key);

} // namespace ottla::kafka
