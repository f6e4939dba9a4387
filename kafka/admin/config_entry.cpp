#include <ottla/kafka/admin/config_entry.hpp>

namespace ottla::kafka {

std::string_view to_string(config_source source) noexcept {
  switch (source) {
    case config_source::unknown: return "unknown";
    case config_source::topic: return "topic";
    case config_source::broker: return "broker";
    case config_source::all_brokers: return "all_brokers";
    case config_source::broker_properties: return "broker_properties";
    case config_source::built_in: return "built_in";
  }
  return "unknown";
}

std::string to_string(const config_owner& owner) {
  if (const auto* topic = std::get_if<topic_configs>(&owner))
    return "topic \"" + topic->topic + '"';
  return "broker " + std::to_string(std::get<broker_configs>(owner).broker);
}

} // namespace ottla::kafka
