#include <ottla/kafka/internal/driver/librdkafka/newer_admin_functions.hpp>

#include <vector>

#if RD_KAFKA_VERSION < 0x020200ff
using rd_kafka_IncrementalAlterConfigs_result_t = rd_kafka_event_t;
enum rd_kafka_AlterConfigOpType_t {
  RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET = 0,
  RD_KAFKA_ALTER_CONFIG_OP_TYPE_DELETE = 1,
};
#endif
#if RD_KAFKA_VERSION < 0x020300ff
using rd_kafka_DescribeTopics_result_t = rd_kafka_event_t;
struct rd_kafka_TopicCollection_t;
struct rd_kafka_TopicDescription_t;
struct rd_kafka_Uuid_t;
#endif

// A weak function that is missing at run time is null.
extern "C" {
[[gnu::weak]] rd_kafka_error_t*
rd_kafka_ConfigResource_add_incremental_config(rd_kafka_ConfigResource_t* config, const char* name,
                                               rd_kafka_AlterConfigOpType_t op_type,
                                               const char* value);
[[gnu::weak]] void rd_kafka_IncrementalAlterConfigs(rd_kafka_t* rk,
                                                    rd_kafka_ConfigResource_t** configs,
                                                    std::size_t config_cnt,
                                                    const rd_kafka_AdminOptions_t* options,
                                                    rd_kafka_queue_t* rkqu);
[[gnu::weak]] const rd_kafka_IncrementalAlterConfigs_result_t*
rd_kafka_event_IncrementalAlterConfigs_result(rd_kafka_event_t* rkev);
[[gnu::weak]] const rd_kafka_ConfigResource_t** rd_kafka_IncrementalAlterConfigs_result_resources(
  const rd_kafka_IncrementalAlterConfigs_result_t* result, std::size_t* cntp);

[[gnu::weak]] rd_kafka_TopicCollection_t*
rd_kafka_TopicCollection_of_topic_names(const char** topics, std::size_t topics_cnt);
[[gnu::weak]] void rd_kafka_TopicCollection_destroy(rd_kafka_TopicCollection_t* topics);
[[gnu::weak]] void rd_kafka_DescribeTopics(rd_kafka_t* rk, const rd_kafka_TopicCollection_t* topics,
                                           const rd_kafka_AdminOptions_t* options,
                                           rd_kafka_queue_t* rkqu);
[[gnu::weak]] const rd_kafka_DescribeTopics_result_t*
rd_kafka_event_DescribeTopics_result(rd_kafka_event_t* rkev);
[[gnu::weak]] const rd_kafka_TopicDescription_t**
rd_kafka_DescribeTopics_result_topics(const rd_kafka_DescribeTopics_result_t* result,
                                      std::size_t* cntp);
[[gnu::weak]] const char*
rd_kafka_TopicDescription_name(const rd_kafka_TopicDescription_t* topicdesc);
[[gnu::weak]] const rd_kafka_error_t*
rd_kafka_TopicDescription_error(const rd_kafka_TopicDescription_t* topicdesc);
[[gnu::weak]] const rd_kafka_Uuid_t*
rd_kafka_TopicDescription_topic_id(const rd_kafka_TopicDescription_t* topicdesc);
[[gnu::weak]] const char* rd_kafka_Uuid_base64str(const rd_kafka_Uuid_t* uuid);
}

namespace ottla::kafka {

bool can_alter_incrementally() noexcept {
  return rd_kafka_ConfigResource_add_incremental_config != nullptr
         && rd_kafka_IncrementalAlterConfigs != nullptr
         && rd_kafka_event_IncrementalAlterConfigs_result != nullptr
         && rd_kafka_IncrementalAlterConfigs_result_resources != nullptr;
}

rd_kafka_error_t* add_change(rd_kafka_ConfigResource_t* owner, const std::string& name,
                             const std::optional<std::string>& value) {
  return rd_kafka_ConfigResource_add_incremental_config(
    owner, name.c_str(),
    value ? RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET : RD_KAFKA_ALTER_CONFIG_OP_TYPE_DELETE,
    value ? value->c_str() : nullptr);
}

void alter_incrementally(rd_kafka_t* native, rd_kafka_ConfigResource_t* owner,
                         const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers) {
  rd_kafka_IncrementalAlterConfigs(native, &owner, 1, options, answers);
}

std::span<const rd_kafka_ConfigResource_t* const> altered_owners(rd_kafka_event_t* event) {
  std::size_t count = 0;
  const auto* result = rd_kafka_event_IncrementalAlterConfigs_result(event);
  const auto* const* owners = rd_kafka_IncrementalAlterConfigs_result_resources(result, &count);
  return {owners, count};
}

bool can_ask_for_ids() noexcept {
  return rd_kafka_TopicCollection_of_topic_names != nullptr
         && rd_kafka_TopicCollection_destroy != nullptr && rd_kafka_DescribeTopics != nullptr
         && rd_kafka_event_DescribeTopics_result != nullptr
         && rd_kafka_DescribeTopics_result_topics != nullptr
         && rd_kafka_TopicDescription_name != nullptr && rd_kafka_TopicDescription_error != nullptr
         && rd_kafka_TopicDescription_topic_id != nullptr && rd_kafka_Uuid_base64str != nullptr;
}

void ask_for_ids(rd_kafka_t* native, std::span<const std::string> topics,
                 const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers) {
  std::vector<const char*> names;
  for (const auto& each : topics)
    names.push_back(each.c_str());
  auto* wanted = rd_kafka_TopicCollection_of_topic_names(names.data(), names.size());
  rd_kafka_DescribeTopics(native, wanted, options, answers);
  rd_kafka_TopicCollection_destroy(wanted);
}

std::map<std::string, std::string> ids_in(rd_kafka_event_t* event) {
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeTopics_result(event);
  const auto* const* topics = rd_kafka_DescribeTopics_result_topics(result, &count);
  std::map<std::string, std::string> ids;
  for (std::size_t i = 0; i < count; ++i) {
    if (rd_kafka_error_code(rd_kafka_TopicDescription_error(topics[i])) != 0)
      continue;
    const auto* id = rd_kafka_TopicDescription_topic_id(topics[i]);
    const auto* text = id != nullptr ? rd_kafka_Uuid_base64str(id) : nullptr;
    if (text != nullptr)
      ids.emplace(rd_kafka_TopicDescription_name(topics[i]), text);
  }
  return ids;
}

} // namespace ottla::kafka
