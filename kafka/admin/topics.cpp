#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/internal/admin/ask.hpp>

namespace ottla::kafka {

result<std::vector<topic_info>> list_topics(const cluster_settings& cluster,
                                            saturating<std::chrono::milliseconds> within) {
  return ask(cluster, list_topics_request{.within = within});
}

result<std::vector<topic_description>>
describe_topics(const cluster_settings& cluster, const std::vector<std::string>& topics,
                saturating<std::chrono::milliseconds> within) {
  return ask(cluster, describe_topics_request{.topics = topics, .within = within});
}

result<bool> topic_exists(const cluster_settings& cluster, const std::string& topic,
                          saturating<std::chrono::milliseconds> within) {
  return ask(cluster, topic_exists_request{.topic = topic, .within = within});
}

result<std::int32_t> count_partitions(const cluster_settings& cluster, const std::string& topic,
                                      saturating<std::chrono::milliseconds> within) {
  return ask(cluster, count_partitions_request{.topic = topic, .within = within});
}

result<std::vector<topic_outcome>> create_topics(const cluster_settings& cluster,
                                                 const std::vector<new_topic>& topics,
                                                 saturating<std::chrono::milliseconds> within) {
  return ask(cluster, create_topics_request{.topics = topics, .within = within});
}

result<void> create_topic(const cluster_settings& cluster, const new_topic& topic,
                          saturating<std::chrono::milliseconds> within) {
  return only_outcome(create_topics(cluster, {topic}, within));
}

result<std::vector<topic_outcome>> delete_topics(const cluster_settings& cluster,
                                                 const std::vector<std::string>& topics,
                                                 saturating<std::chrono::milliseconds> within) {
  return ask(cluster, delete_topics_request{.topics = topics, .within = within});
}

result<void> delete_topic(const cluster_settings& cluster, const std::string& topic,
                          saturating<std::chrono::milliseconds> within) {
  return only_outcome(delete_topics(cluster, {topic}, within));
}

result<void> add_partitions(const cluster_settings& cluster, const std::string& topic,
                            std::int32_t partitions, saturating<std::chrono::milliseconds> within) {
  return ask(cluster,
             add_partitions_request{.topic = topic, .partitions = partitions, .within = within});
}

} // namespace ottla::kafka
