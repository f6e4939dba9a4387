#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>

namespace ottla::kafka {

std::variant<std::vector<topic_info>, error>
list_topics(const cluster_settings& cluster, saturating<std::chrono::milliseconds> within) {
  return make_librdkafka_driver(cluster)->list_topics(within);
}

std::optional<error> create_topic(const cluster_settings& cluster, const new_topic& topic,
                                  saturating<std::chrono::milliseconds> within) {
  return make_librdkafka_driver(cluster)->create_topic(topic, within);
}

std::optional<error> delete_topic(const cluster_settings& cluster, const std::string& topic,
                                  saturating<std::chrono::milliseconds> within) {
  return make_librdkafka_driver(cluster)->delete_topic(topic, within);
}

} // namespace ottla::kafka
