#pragma once

#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <doctest/doctest.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

// Broker operations that have no API in ottla. The functions of this file use librdkafka directly.
namespace ottla::kafka::test {

inline owned_handle open_raw(rd_kafka_type_t type, std::map<std::string, std::string> settings) {
  std::array<char, 512> why{};
  auto* conf = rd_kafka_conf_new();
  for (const auto& [key, value] : settings)
    REQUIRE_MESSAGE(rd_kafka_conf_set(conf, key.c_str(), value.c_str(), why.data(), why.size())
                      == RD_KAFKA_CONF_OK,
                    std::string{why.data()});
  owned_handle opened{rd_kafka_new(type, conf, why.data(), why.size())};
  REQUIRE_MESSAGE(opened, std::string{why.data()});
  return opened;
}

/// Creates a topic of one partition with topic settings, such as `cleanup.policy`.
inline void make_topic(const std::string& brokers, const std::string& name,
                       const std::map<std::string, std::string>& settings) {
  constexpr int within_ms = 20'000;
  std::array<char, 512> why{};
  const auto handle = open_raw(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}});
  const owned<rd_kafka_queue_t, rd_kafka_queue_destroy> answers{rd_kafka_queue_new(handle.get())};
  const owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy> topic{
    rd_kafka_NewTopic_new(name.c_str(), 1, 1, why.data(), why.size())};
  REQUIRE_MESSAGE(topic, std::string{why.data()});
  for (const auto& [key, value] : settings)
    rd_kafka_NewTopic_set_config(topic.get(), key.c_str(), value.c_str());
  auto* one = topic.get();
  rd_kafka_CreateTopics(handle.get(), &one, 1, nullptr, answers.get());
  const owned<rd_kafka_event_t, rd_kafka_event_destroy> event{
    rd_kafka_queue_poll(answers.get(), within_ms)};
  REQUIRE(event);
  std::size_t count = 0;
  const auto* const* results
    = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  REQUIRE(count == 1);
  REQUIRE_MESSAGE(rd_kafka_topic_result_error(results[0]) == RD_KAFKA_RESP_ERR_NO_ERROR,
                  std::string{rd_kafka_topic_result_error_string(results[0])});
}

/// Deletes the records of partition 0 below offset `before`, as retention does.
inline void trim_topic(const std::string& brokers, const std::string& name, std::int64_t before) {
  constexpr int within_ms = 20'000;
  const auto handle = open_raw(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}});
  const owned<rd_kafka_queue_t, rd_kafka_queue_destroy> answers{rd_kafka_queue_new(handle.get())};
  const owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy> list{
    rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(list.get(), name.c_str(), 0)->offset = before;
  const owned<rd_kafka_DeleteRecords_t, rd_kafka_DeleteRecords_destroy> what{
    rd_kafka_DeleteRecords_new(list.get())};
  auto* one = what.get();
  rd_kafka_DeleteRecords(handle.get(), &one, 1, nullptr, answers.get());
  const owned<rd_kafka_event_t, rd_kafka_event_destroy> event{
    rd_kafka_queue_poll(answers.get(), within_ms)};
  REQUIRE(event);
  REQUIRE_MESSAGE(rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR,
                  std::string{rd_kafka_event_error_string(event.get())});
}

/// Grows the topic to `partitions` partitions.
inline void grow_topic(const std::string& brokers, const std::string& name,
                       std::size_t partitions) {
  constexpr int within_ms = 20'000;
  std::array<char, 512> why{};
  const auto handle = open_raw(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}});
  const owned<rd_kafka_queue_t, rd_kafka_queue_destroy> answers{rd_kafka_queue_new(handle.get())};
  const owned<rd_kafka_NewPartitions_t, rd_kafka_NewPartitions_destroy> what{
    rd_kafka_NewPartitions_new(name.c_str(), partitions, why.data(), why.size())};
  REQUIRE_MESSAGE(what, std::string{why.data()});
  auto* one = what.get();
  rd_kafka_CreatePartitions(handle.get(), &one, 1, nullptr, answers.get());
  const owned<rd_kafka_event_t, rd_kafka_event_destroy> event{
    rd_kafka_queue_poll(answers.get(), within_ms)};
  REQUIRE(event);
  REQUIRE_MESSAGE(rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR,
                  std::string{rd_kafka_event_error_string(event.get())});
}

/// Commits `offset` of partition 0 for a group without members.
inline void commit_as(const std::string& brokers, const std::string& group,
                      const std::string& topic, std::int64_t offset) {
  const auto handle
    = open_raw(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers}, {"group.id", group}});
  const owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy> list{
    rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), 0)->offset = offset;
  const auto code = rd_kafka_commit(handle.get(), list.get(), 0);
  REQUIRE_MESSAGE(code == RD_KAFKA_RESP_ERR_NO_ERROR, std::string{rd_kafka_err2str(code)});
}

/// Returns the offsets of all messages of partition 0 that a reader outside of any group gets.
inline std::vector<std::int64_t> offsets_shown(const std::string& brokers,
                                               const std::string& topic) {
  constexpr int within_ms = 20'000;
  const auto handle = open_raw(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers},
                                                   {"group.id", topic + "-looked-at"},
                                                   {"enable.auto.commit", "false"},
                                                   {"enable.partition.eof", "true"},
                                                   {"auto.offset.reset", "earliest"}});
  rd_kafka_poll_set_consumer(handle.get());
  const owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy> list{
    rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), 0)->offset
    = RD_KAFKA_OFFSET_BEGINNING;
  REQUIRE(rd_kafka_assign(handle.get(), list.get()) == RD_KAFKA_RESP_ERR_NO_ERROR);
  std::vector<std::int64_t> shown;
  for (;;) {
    const owned<rd_kafka_message_t, rd_kafka_message_destroy> message{
      rd_kafka_consumer_poll(handle.get(), within_ms)};
    REQUIRE(message);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
      break;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
      shown.push_back(message->offset);
  }
  rd_kafka_consumer_close(handle.get());
  return shown;
}

} // namespace ottla::kafka::test
