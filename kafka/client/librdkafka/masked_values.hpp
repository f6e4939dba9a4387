#pragma once

#include <ottla/kafka/client/secret_mask.hpp>

#include <librdkafka/rdkafka.h>

#include <string>

namespace ottla::kafka {

/// Hides the passwords, keys and OAuth settings of a handle, and whatever else is set at a key
/// whose value an error text may not quote. Of a user's name and the like only what is no plain
/// word.
secret_mask mask_of(const rd_kafka_conf_t* conf);

/// The value of a key; empty where the key is not set or not known.
std::string value_of(const rd_kafka_conf_t* conf, const char* key);

} // namespace ottla::kafka
