#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>

#include <memory>

namespace ottla::kafka {

/// Makes the driver for real brokers. Opening a handle contacts no broker. Handles report
/// unreachable brokers later, as events.
std::shared_ptr<driver> make_librdkafka_driver(cluster_settings settings);

/// Waits until every released handle is destroyed, at most `within`. Returns the number of handles
/// that are not destroyed yet. Does not wait if `within` is zero or negative. A program that does
/// not use `run` calls this function at its end, so that consumers leave their groups and memory is
/// freed.
std::size_t await_reaped(saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
