#pragma once

#include <ottla/kafka/producer/producer_settings.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>

#include <map>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Returns the faults of a producer's settings, one line each: values out of range, and settings
/// that contradict each other or librdkafka keys. `common` are the connection's keys. The
/// producer's keys override them.
std::vector<std::string> check_producing(const producer_settings& how,
                                         const std::map<std::string, std::string>& common);

/// Returns the faults of a topic's settings besides its name, one line each. The driver checks the
/// keys of `extra`.
std::vector<std::string> check_topic_settings(const topic_producer_settings& how, bool idempotent);

} // namespace ottla::kafka
