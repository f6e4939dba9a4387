#pragma once

#include <ottla/kafka/producer/producer_settings.hpp>

#include <map>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Faults of a producer's settings, alone and combined with librdkafka keys, one line each: values
/// out of range, and contradictory settings. `common` are the connection's keys. The producer's
/// keys override them.
std::vector<std::string> check_producing(const producer_settings& how,
                                         const std::map<std::string, std::string>& common);

} // namespace ottla::kafka
