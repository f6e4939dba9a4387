#pragma once

#include <ottla/kafka/consumer/group_consumer.hpp>
#include <ottla/kafka/internal/settings/time_limits.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace ottla::kafka {

/// Receives the text of one fault.
using fault_receiver = std::function<void(std::string)>;

/// Reports the faults of the settings that consumers with and without a group share: the handler,
/// its limits, the workers, and fetching.
void check_workers(const group_consumer& settings, const fault_receiver& complain);

/// Reports a negative offset. `field` is the name of the setting.
void check_begin(const char* field, const begin_offset& where, const fault_receiver& complain);

/// Reports a time outside of its limits. Returns true if the time is within the limits.
bool check_time(const char* field, std::chrono::milliseconds value, time_limits limits,
                const fault_receiver& complain);

} // namespace ottla::kafka
