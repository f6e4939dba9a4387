#include <ottla/kafka/internal/driver/librdkafka/admin_requests.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/newer_admin_functions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace ottla::kafka {

namespace {

using new_topic_object = owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using delete_topic_object = owned<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy>;
using new_partitions_object = owned<rd_kafka_NewPartitions_t, rd_kafka_NewPartitions_destroy>;

using topic_results = std::span<const rd_kafka_topic_result_t* const>;

template <class Owned>
auto raw(const std::vector<Owned>& objects) {
  std::vector<typename Owned::pointer> pointers;
  for (const auto& each : objects)
    pointers.push_back(each.get());
  return pointers;
}

error no_answer(const std::string& topic) {
  return {.text = "the broker did not answer for topic \"" + topic + '"'};
}

result<new_topic_object> to_object(const new_topic& topic) {
  std::array<char, 512> why{};
  new_topic_object object{rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions,
                                                topic.replicas, why.data(), why.size())};
  if (!object)
    return error{.code = errc::bad_setting,
                 .text = fmt::format("topic \"{}\": {}", topic.name, why.data())};
  for (const auto& [name, value] : topic.configs)
    if (const auto code = rd_kafka_NewTopic_set_config(object.get(), name.c_str(), value.c_str()))
      return to_error(code,
                      fmt::format("topic \"{}\": config \"{}\" is invalid", topic.name, name));
  return object;
}

} // namespace

std::map<std::string, std::string> admin_requests::find_ids(std::span<const std::string> topics) {
  if (!can_ask_for_ids())
    return {};
  const auto event = send("describe_topics", [&](const auto* options, auto* answers) {
    ask_for_ids(native(), topics, options, answers);
  });
  return event ? ids_in((*event).get()) : std::map<std::string, std::string>{};
}

namespace {

/// Returns the outcomes in the order of `topics`. Brokers may answer in another order.
template <class Explain>
std::vector<topic_outcome> outcomes_of(std::vector<std::string> topics, topic_results results,
                                       Explain explain) {
  std::vector<topic_outcome> answer;
  for (auto& topic : topics) {
    const auto found = std::ranges::find_if(
      results, [&](const auto* one) { return topic == rd_kafka_topic_result_name(one); });
    topic_outcome outcome{.topic = std::move(topic)};
    if (found == results.end())
      outcome.failed = no_answer(outcome.topic);
    else if (const auto code = rd_kafka_topic_result_error(*found))
      outcome.failed = explain(code, rd_kafka_topic_result_error_string(*found));
    answer.push_back(std::move(outcome));
  }
  return answer;
}

} // namespace

result<std::vector<topic_outcome>>
admin_requests::create_topics(std::span<const new_topic> topics) {
  std::vector<new_topic_object> objects;
  std::vector<std::string> names;
  for (const auto& each : topics) {
    auto object = to_object(each);
    if (!object)
      return object.error();
    objects.push_back(*std::move(object));
    names.push_back(each.name);
  }
  const auto event = send("create_topics", [&](const auto* options, auto* answers) {
    rd_kafka_CreateTopics(native(), raw(objects).data(), objects.size(), options, answers);
  });
  if (!event)
    return event.error();
  std::size_t count = 0;
  const auto* const* results = rd_kafka_CreateTopics_result_topics(
    rd_kafka_event_CreateTopics_result((*event).get()), &count);
  return outcomes_of(std::move(names), {results, count}, [this](auto code, const char* words) {
    return in_words_of_the_broker(code, words);
  });
}

result<std::vector<topic_outcome>>
admin_requests::delete_topics(std::span<const std::string> topics) {
  std::vector<delete_topic_object> objects;
  for (const auto& each : topics)
    objects.emplace_back(rd_kafka_DeleteTopic_new(each.c_str()));
  const auto event = send("delete_topics", [&](const auto* options, auto* answers) {
    rd_kafka_DeleteTopics(native(), raw(objects).data(), objects.size(), options, answers);
  });
  if (!event)
    return event.error();
  std::size_t count = 0;
  const auto* const* results = rd_kafka_DeleteTopics_result_topics(
    rd_kafka_event_DeleteTopics_result((*event).get()), &count);
  return outcomes_of(
    {topics.begin(), topics.end()}, {results, count},
    [this](auto code, const char* words) { return in_words_of_the_broker(code, words); });
}

result<void> admin_requests::add_partitions(const std::string& topic, std::int32_t total) {
  std::array<char, 512> why{};
  const new_partitions_object object{rd_kafka_NewPartitions_new(
    topic.c_str(), static_cast<std::size_t>(total), why.data(), why.size())};
  if (!object)
    return error{.code = errc::bad_setting,
                 .text = fmt::format("topic \"{}\": {}", topic, why.data())};
  auto* one = object.get();
  const auto event = send("add_partitions", [&](const auto* options, auto* answers) {
    rd_kafka_CreatePartitions(native(), &one, 1, options, answers);
  });
  if (!event)
    return event.error();
  std::size_t count = 0;
  const auto* const* results = rd_kafka_CreatePartitions_result_topics(
    rd_kafka_event_CreatePartitions_result((*event).get()), &count);
  if (count != 1)
    return no_answer(topic);
  if (const auto code = rd_kafka_topic_result_error(results[0]))
    return in_words_of_the_broker(code, rd_kafka_topic_result_error_string(results[0]));
  return {};
}

} // namespace ottla::kafka
