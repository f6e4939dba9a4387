#include <ottla/kafka/client/librdkafka_client.hpp>
#include <ottla/kafka/topics.hpp>

namespace ottla::kafka {

std::variant<std::vector<topic_info>, error> list_topics(const client_settings& cluster,
                                                         std::chrono::milliseconds within) {
  return make_librdkafka_client(cluster)->list_topics(within);
}

std::optional<error> create_topic(const client_settings& cluster, const new_topic& topic,
                                  std::chrono::milliseconds within) {
  return make_librdkafka_client(cluster)->create_topic(topic, within);
}

std::optional<error> delete_topic(const client_settings& cluster, const std::string& topic,
                                  std::chrono::milliseconds within) {
  return make_librdkafka_client(cluster)->delete_topic(topic, within);
}

} // namespace ottla::kafka
