#include <ottla/kafka/internal/admin/merged_configs.hpp>
#include <ottla/kafka/internal/driver/librdkafka/admin_requests.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/newer_admin_functions.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace ottla::kafka {

namespace {

using config_resource = owned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using config_resources = std::span<const rd_kafka_ConfigResource_t* const>;

struct resource_name {
  rd_kafka_ResourceType_t type;
  std::string name;
};

resource_name name_of(const config_owner& owner) {
  if (const auto* topic = std::get_if<topic_configs>(&owner))
    return {RD_KAFKA_RESOURCE_TOPIC, topic->topic};
  return {RD_KAFKA_RESOURCE_BROKER, std::to_string(std::get<broker_configs>(owner).broker)};
}

config_resource to_resource(const config_owner& owner) {
  const auto what = name_of(owner);
  return config_resource{rd_kafka_ConfigResource_new(what.type, what.name.c_str())};
}

config_source to_source(rd_kafka_ConfigSource_t source) {
  switch (source) {
    case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG: return config_source::topic;
    case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_BROKER_CONFIG: return config_source::broker;
    case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_DEFAULT_BROKER_CONFIG: return config_source::all_brokers;
    case RD_KAFKA_CONFIG_SOURCE_STATIC_BROKER_CONFIG: return config_source::broker_properties;
    case RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG: return config_source::built_in;
    default: return config_source::unknown;
  }
}

config_entry to_entry(const rd_kafka_ConfigEntry_t* entry) {
  config_entry answer{.name = rd_kafka_ConfigEntry_name(entry),
                      .source = to_source(rd_kafka_ConfigEntry_source(entry)),
                      .is_sensitive = rd_kafka_ConfigEntry_is_sensitive(entry) == 1,
                      .is_read_only = rd_kafka_ConfigEntry_is_read_only(entry) == 1};
  if (const auto* value = rd_kafka_ConfigEntry_value(entry);
      value != nullptr && !answer.is_sensitive)
    answer.value = value;
  return answer;
}

std::vector<config_entry> entries_of(const rd_kafka_ConfigResource_t* owner) {
  std::size_t count = 0;
  const auto* const* found = rd_kafka_ConfigResource_configs(owner, &count);
  std::vector<config_entry> entries;
  for (std::size_t i = 0; i < count; ++i)
    entries.push_back(to_entry(found[i]));
  std::ranges::sort(entries, {}, &config_entry::name);
  return entries;
}

error no_answer(const config_owner& owner) {
  return {.text = "the broker did not answer for the configs of " + to_string(owner)};
}

const rd_kafka_ConfigResource_t* find(config_resources in, const config_owner& owner) {
  const auto what = name_of(owner);
  const auto found = std::ranges::find_if(in, [&](const auto* one) {
    return rd_kafka_ConfigResource_type(one) == what.type
           && rd_kafka_ConfigResource_name(one) == what.name;
  });
  return found == in.end() ? nullptr : *found;
}

} // namespace

result<std::vector<configs_or_error>>
admin_requests::describe_configs(std::span<const config_owner> owners) {
  std::vector<config_resource> resources;
  std::vector<rd_kafka_ConfigResource_t*> raw;
  for (const auto& each : owners)
    raw.push_back(resources.emplace_back(to_resource(each)).get());
  const auto event = send("describe_configs", [&](const auto* options, auto* answers) {
    rd_kafka_DescribeConfigs(native(), raw.data(), raw.size(), options, answers);
  });
  if (!event)
    return event.error();
  std::size_t count = 0;
  const auto* const* found = rd_kafka_DescribeConfigs_result_resources(
    rd_kafka_event_DescribeConfigs_result((*event).get()), &count);
  std::vector<configs_or_error> answer;
  for (const auto& each : owners)
    if (const auto* one = find({found, count}, each); one == nullptr)
      answer.emplace_back(no_answer(each));
    else if (const auto code = rd_kafka_ConfigResource_error(one))
      answer.emplace_back(in_words_of_the_broker(code, rd_kafka_ConfigResource_error_string(one)));
    else
      answer.emplace_back(entries_of(one));
  return answer;
}

result<void> admin_requests::alter_configs(const config_owner& owner,
                                           std::span<const config_change> changes) {
  return can_alter_incrementally() ? change_configs(owner, changes)
                                   : replace_configs(owner, changes);
}

result<void> admin_requests::change_configs(const config_owner& owner,
                                            std::span<const config_change> changes) {
  const auto resource = to_resource(owner);
  for (const auto& each : changes)
    if (auto* failed = add_change(resource.get(), each.name, each.value))
      return to_error(failed);
  const auto event = send("alter_configs", [&](const auto* options, auto* answers) {
    alter_incrementally(native(), resource.get(), options, answers);
  });
  if (!event)
    return event.error();
  const auto* altered = find(altered_owners((*event).get()), owner);
  if (altered == nullptr)
    return no_answer(owner);
  if (const auto code = rd_kafka_ConfigResource_error(altered))
    return in_words_of_the_broker(code, rd_kafka_ConfigResource_error_string(altered));
  return {};
}

result<void> admin_requests::replace_configs(const config_owner& owner,
                                             std::span<const config_change> changes) {
  if (auto refused = check_support("alter_configs"))
    return *refused;
  const auto now = describe_configs({&owner, 1});
  if (!now)
    return now.error();
  if (!now->front())
    return now->front().error();
  const auto all = merge_configs(owner, *now->front(), changes);
  if (!all)
    return all.error();
  const auto resource = to_resource(owner);
  for (const auto& [name, value] : *all)
    if (const auto code
        = rd_kafka_ConfigResource_set_config(resource.get(), name.c_str(), value.c_str()))
      return to_error(code, "config \"" + name + "\" is invalid");
  auto* one = resource.get();
  const auto event = send("alter_configs", [&](const auto* options, auto* answers) {
    rd_kafka_AlterConfigs(native(), &one, 1, options, answers);
  });
  if (!event)
    return event.error();
  std::size_t count = 0;
  const auto* const* found = rd_kafka_AlterConfigs_result_resources(
    rd_kafka_event_AlterConfigs_result((*event).get()), &count);
  const auto* altered = find({found, count}, owner);
  if (altered == nullptr)
    return no_answer(owner);
  if (const auto code = rd_kafka_ConfigResource_error(altered))
    return in_words_of_the_broker(code, rd_kafka_ConfigResource_error_string(altered));
  return {};
}

} // namespace ottla::kafka
