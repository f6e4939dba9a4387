#pragma once

#include <ottla/kafka/client_settings.hpp>

#include <map>
#include <string>
#include <vector>

namespace ottla::kafka {

/// What is wrong with the settings of a producer, by themselves and together with keys of
/// librdkafka, one line each: values out of range, and settings that contradict each other.
/// `common` are the connection's keys; those of the producer override them.
std::vector<std::string> check_producing(const producer_settings& how,
                                         const std::map<std::string, std::string>& common);

} // namespace ottla::kafka
