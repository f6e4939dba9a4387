#include <ottla/kafka/internal/driver/librdkafka/forgotten_generation.hpp>
#include <ottla/kafka/internal/driver/librdkafka/membership_queries.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

namespace ottla::kafka {

namespace {

bool forgets_generations() {
  return rd_kafka_version() < 0x020a00ff;
}

} // namespace

bool commits_can_cost_partitions(rd_kafka_t* consumer) {
  return forgets_generations() && wants_cooperation(consumer);
}

bool is_forgotten(std::int32_t generation) {
  return generation < 0 && forgets_generations();
}

bool keep_by_joining(rd_kafka_t* consumer) {
  rd_kafka_topic_partition_list_t* topics = nullptr;
  if (rd_kafka_subscription(consumer, &topics) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return false;
  const partition_list same{topics};
  // During a rebalance, librdkafka delays a new subscription until the rebalance ends. After the
  // rebalance, librdkafka rejoins even if the topics are unchanged.
  return topics->cnt > 0 && rd_kafka_subscribe(consumer, topics) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

} // namespace ottla::kafka
