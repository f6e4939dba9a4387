#pragma once

#include <ottla/kafka/producer/producer_settings.hpp>

#include <map>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Returns the faults of a producer's settings, one line each: values out of range, and settings
/// that contradict each other or librdkafka keys. `common` are the connection's keys. The
/// producer's keys override them.
std::vector<std::string> check_producing(const producer_settings& how,
                                         const std::map<std::string, std::string>& common);

} // namespace ottla::kafka
