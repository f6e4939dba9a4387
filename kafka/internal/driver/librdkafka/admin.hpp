#pragma once

#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// These functions block. Each function opens a librdkafka handle of its own, and closes that
/// handle before returning. `contact` knows which brokers have accepted the settings before. Each
/// function adds to `contact` the brokers that accept the settings now. `gives_up` is called a few
/// times a second while no broker can be reached. ask_for_topics() returns an error soon after
/// `gives_up` returns true.
std::variant<std::vector<topic_info>, error> ask_for_topics(
  const cluster_settings& of, std::shared_ptr<broker_contact> contact,
  std::chrono::milliseconds within, const std::function<bool()>& gives_up = [] { return false; });
std::optional<error> ask_to_create_topic(const cluster_settings& of,
                                         std::shared_ptr<broker_contact> contact,
                                         const new_topic& topic, std::chrono::milliseconds within);
std::optional<error> ask_to_delete_topic(const cluster_settings& of,
                                         std::shared_ptr<broker_contact> contact,
                                         const std::string& topic,
                                         std::chrono::milliseconds within);

} // namespace ottla::kafka
