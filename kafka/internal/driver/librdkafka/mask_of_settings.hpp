#pragma once

#include <ottla/kafka/internal/text/secret_mask.hpp>

#include <librdkafka/rdkafka.h>

#include <string>

namespace ottla::kafka {

/// Makes a mask that hides the passwords, keys and OAuth settings of a handle. The mask also hides
/// values of other keys that may hold a secret, such as sasl.username, unless the value is a
/// default, has lower-case letters only, or is allowed by may_be_shown().
secret_mask mask_of_settings(const rd_kafka_conf_t* conf);

/// The value of a key; empty if the key is not set or not known.
std::string value_of(const rd_kafka_conf_t* conf, const char* key);

} // namespace ottla::kafka
