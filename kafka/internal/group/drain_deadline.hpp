#pragma once

#include <ottla/kafka/consumer/group_consumer.hpp>

#include <chrono>

namespace ottla::kafka {

// How long a drain may last.

/// Time for the drain of a revoke. After this time the member gives the partitions back, and
/// rejects later acknowledgements of the handlers that still run. Brokers wait for the drain, up to
/// max_poll_interval.
std::chrono::nanoseconds revoke_drain_time(const group_consumer& settings) noexcept;

/// Time for the drain of a stop. After this time the group manager ends. `left` is the time until
/// the group manager must have ended. If the whole tree stops, some of this time is reserved for
/// the worker supervisor, which kills workers that hang.
std::chrono::nanoseconds last_drain_time(const group_consumer& settings,
                                         std::chrono::nanoseconds left,
                                         bool is_tree_stopping) noexcept;

} // namespace ottla::kafka
