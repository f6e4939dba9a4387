#pragma once

#include <ottla/kafka/error.hpp>

#include <librdkafka/rdkafka.h>

#include <string>

namespace ottla::kafka {

/// What a code of librdkafka's, or of the broker's, means to a program. Without a text, that of
/// the code.
error to_error(rd_kafka_resp_err_t code, std::string text = {});

/// Takes ownership.
error to_error(rd_kafka_error_t* failure);

} // namespace ottla::kafka
