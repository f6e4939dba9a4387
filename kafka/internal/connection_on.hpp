#pragma once

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>

#include <memory>

namespace ottla::kafka {

/// Returns the child spec of a connection that reaches Kafka through `driver`. librdkafka does not
/// check the settings, and `brokers` may be empty. For simulations in ottla's own tests.
child_spec connection_on(std::shared_ptr<driver> driver, const connection& settings);

} // namespace ottla::kafka
