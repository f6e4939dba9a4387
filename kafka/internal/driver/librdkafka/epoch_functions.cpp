#include <ottla/kafka/internal/driver/librdkafka/epoch_functions.hpp>
#include <ottla/kafka/internal/driver/librdkafka/leader_epochs.hpp>
#include <ottla/kafka/internal/driver/librdkafka/version.hpp>

#include <string_view>

// librdkafka has these functions since 2.1. A weak function that is missing at run time is null. So
// a program that was compiled with older headers uses these functions too if its librdkafka has
// them.
extern "C" {
[[gnu::weak]] std::int32_t rd_kafka_message_leader_epoch(const rd_kafka_message_t* message);
[[gnu::weak]] std::int32_t
rd_kafka_topic_partition_get_leader_epoch(const rd_kafka_topic_partition_t* position);
[[gnu::weak]] void rd_kafka_topic_partition_set_leader_epoch(rd_kafka_topic_partition_t* position,
                                                             std::int32_t epoch);
}

namespace ottla::kafka {

namespace {

/// RD_KAFKA_RESP_ERR__LOG_TRUNCATION, which headers before 2.1 do not have.
constexpr int log_truncation = -139;

bool are_used() {
  return checks_leader_epochs(rd_kafka_version()) && rd_kafka_message_leader_epoch != nullptr
         && rd_kafka_topic_partition_get_leader_epoch != nullptr
         && rd_kafka_topic_partition_set_leader_epoch != nullptr;
}

} // namespace

std::int32_t leader_epoch_of(const rd_kafka_message_t& message) {
  return are_used() ? rd_kafka_message_leader_epoch(&message) : leader_epochs::unknown;
}

std::int32_t leader_epoch_of(const rd_kafka_topic_partition_t& position) {
  return are_used() ? rd_kafka_topic_partition_get_leader_epoch(&position) : leader_epochs::unknown;
}

void set_leader_epoch(rd_kafka_topic_partition_list_t* list, const topic_partition& of,
                      std::int32_t epoch) {
  if (epoch == leader_epochs::unknown || !are_used())
    return;
  if (auto* one = rd_kafka_topic_partition_list_find(list, of.topic.c_str(), of.partition))
    rd_kafka_topic_partition_set_leader_epoch(one, epoch);
}

bool reports_lost_records(const rd_kafka_message_t& message) {
  // With auto.offset.reset=error, librdkafka reports a missing offset and lost records with the
  // same code. Only the text names the cause.
  if (message.err != RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || !are_used())
    return false;
  const std::string_view text = rd_kafka_message_errstr(&message);
  return text.find(rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(log_truncation)))
         != std::string_view::npos;
}

} // namespace ottla::kafka
