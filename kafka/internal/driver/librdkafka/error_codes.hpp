#pragma once

#include <ottla/kafka/error.hpp>

#include <librdkafka/rdkafka.h>

#include <string>

namespace ottla::kafka {

/// Converts an error code of librdkafka or of a broker. If `text` is empty, uses librdkafka's text
/// for the code.
error to_error(rd_kafka_resp_err_t code, std::string text = {});

/// Takes ownership of `failure`.
error to_error(rd_kafka_error_t* failure);

} // namespace ottla::kafka
