#include "support/raw_group.hpp"

#include <ottla/kafka/internal/memory_budget.hpp>

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr int batch_within_ms = 100;
constexpr auto patience = 30s;

struct destroy {
  void operator()(rd_kafka_t* handle) const noexcept { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_queue_t* queue) const noexcept { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_topic_partition_list_t* list) const noexcept {
    rd_kafka_topic_partition_list_destroy(list);
  }
};

using handle = std::unique_ptr<rd_kafka_t, destroy>;
using queue = std::unique_ptr<rd_kafka_queue_t, destroy>;
using list = std::unique_ptr<rd_kafka_topic_partition_list_t, destroy>;

/// The settings that a group_consumer like `like` gives to librdkafka for this many partitions.
/// librdkafka compares the length of a queue with its limits. Here all fetched messages wait in one
/// queue. So this queue may hold as much as the shared queue and all inboxes of the group_consumer
/// together.
std::map<std::string, std::string> settings_of(const std::string& brokers,
                                               const ottla::kafka::group_consumer& like,
                                               std::size_t partitions, raw_fetching fetching) {
  std::map<std::string, std::string> settings{
    {"bootstrap.servers", brokers},
    {"client.id", "raw"},
    {"log.connection.close", "false"},
    {"group.id", like.group},
    {"session.timeout.ms", std::to_string(like.session_timeout.count())},
    {"heartbeat.interval.ms", std::to_string(like.heartbeat_interval.count())},
    {"max.poll.interval.ms", std::to_string(like.max_poll_interval.count())},
    {"partition.assignment.strategy", "range"},
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"enable.partition.eof", "false"},
    // ottla looks up the first offset itself. This loop leaves the look-up to librdkafka.
    {"auto.offset.reset", "earliest"},
  };
  if (fetching == raw_fetching::default_settings)
    return settings;
  constexpr std::size_t least_planned = 8;
  const auto planned = std::max(partitions, least_planned);
  const auto budget = ottla::kafka::make_memory_budget(like.memory_bytes);
  const auto plan = budget.fetching(planned);
  const auto prefetch = budget.of(planned) / 5 * 2 / planned * partitions;
  settings.insert({
    {"fetch.wait.max.ms", std::to_string(like.fetch_wait.count())},
    {"fetch.min.bytes", "1"},
    {"queued.max.messages.kbytes", std::to_string(prefetch / 1024)},
    {"fetch.message.max.bytes", std::to_string(plan.part_bytes)},
    {"queued.min.messages", std::to_string(prefetch / ottla::kafka::bytes_beside_message)},
  });
  return settings;
}

handle open(const std::map<std::string, std::string>& settings) {
  auto* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  for (const auto& [key, value] : settings)
    if (rd_kafka_conf_set(conf, key.c_str(), value.c_str(), why.data(), why.size())
        != RD_KAFKA_CONF_OK)
      throw std::runtime_error{why.data()};
  handle opened{rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size())};
  if (!opened)
    throw std::runtime_error{why.data()};
  rd_kafka_poll_set_consumer(opened.get());
  return opened;
}

void subscribe(const handle& to, const std::vector<std::string>& topics) {
  const list wanted{rd_kafka_topic_partition_list_new(static_cast<int>(topics.size()))};
  for (const auto& topic : topics)
    rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  if (const auto code = rd_kafka_subscribe(to.get(), wanted.get()))
    throw std::runtime_error{rd_kafka_err2str(code)};
}

/// Commits the positions, since every delivered message is already handled. Costs nothing per
/// message.
void commit(const handle& to) {
  rd_kafka_topic_partition_list_t* assigned = nullptr;
  if (rd_kafka_assignment(to.get(), &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return;
  const list positions{assigned};
  if (rd_kafka_position(to.get(), positions.get()) == RD_KAFKA_RESP_ERR_NO_ERROR)
    rd_kafka_commit(to.get(), positions.get(), 1);
}

void read(const std::vector<rd_kafka_message_t*>& messages, std::size_t count, tally& into,
          std::chrono::nanoseconds work) {
  std::uint64_t seen = 0;
  std::size_t good = 0;
  for (std::size_t index = 0; index < count; ++index) {
    auto* message = messages[index];
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      seen += tally::read({static_cast<const char*>(message->key), message->key_len},
                          {static_cast<const char*>(message->payload), message->len});
      spend(work);
      ++good;
    }
    rd_kafka_message_destroy(message);
  }
  into.add(good, seen);
}

} // namespace

void consume_raw(const std::string& brokers, const ottla::kafka::group_consumer& like,
                 std::size_t partitions, tally& into, raw_fetching fetching,
                 std::chrono::nanoseconds work) {
  const auto member = open(settings_of(brokers, like, partitions, fetching));
  const queue messages_of{rd_kafka_queue_get_consumer(member.get())};
  subscribe(member, like.topics);
  std::vector<rd_kafka_message_t*> messages(like.batch_size);
  auto last = std::chrono::steady_clock::now();
  auto committed = last;
  while (!into.done()) {
    const auto count = rd_kafka_consume_batch_queue(messages_of.get(), batch_within_ms,
                                                    messages.data(), messages.size());
    const auto now = std::chrono::steady_clock::now();
    if (count > 0) {
      into.begin();
      read(messages, static_cast<std::size_t>(count), into, work);
      last = now;
    } else if (now - last > patience) {
      throw std::runtime_error{"no message arrived for 30 s"};
    }
    if (now - committed >= like.commit_interval) {
      commit(member);
      committed = now;
    }
  }
  commit(member);
  rd_kafka_consumer_close(member.get());
}

} // namespace bench
