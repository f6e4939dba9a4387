#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>

#include <memory>

namespace ottla::kafka {

/// The driver for real brokers. Opening a handle connects to no broker yet. Events report brokers
/// that cannot be reached.
std::shared_ptr<driver> make_librdkafka_driver(cluster_settings settings);

/// Waits until every released handle is destroyed, at most `within`. Returns how many are left.
/// Zero or less does not wait. A program that does not use `run` calls this at its end, so that
/// consumers leave their groups and memory is freed.
std::size_t await_reaped(saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
