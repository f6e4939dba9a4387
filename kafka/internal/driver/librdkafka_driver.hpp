#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>

#include <chrono>
#include <memory>

namespace ottla::kafka {

/// Makes the driver for real brokers. Opening a handle waits for no broker. Handles report
/// unreachable brokers later, as events.
std::shared_ptr<driver> make_librdkafka_driver(cluster_settings settings);

/// Runs `work` with an admin session on the caller's thread. The session has a Kafka handle of its
/// own, which is closed before the function returns.
void administer_once(const cluster_settings& settings, std::chrono::milliseconds within,
                     const driver::admin_work& work);

/// Waits until every background task has ended, at most `within`. The tasks end released handles,
/// look up topics, and check whether a broker answers. Returns the number of tasks that have not
/// ended. Does not wait if `within` is zero or negative. A program that does not use `run` calls
/// this function at its end, so that consumers leave their groups and memory is freed.
std::size_t await_reaped(saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
