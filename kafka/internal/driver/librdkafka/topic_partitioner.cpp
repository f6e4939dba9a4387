#include <ottla/kafka/internal/driver/librdkafka/delivery_tracker.hpp>
#include <ottla/kafka/internal/driver/librdkafka/topic_partitioner.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace ottla::kafka {

namespace {

/// Bounds the time of one choice.
constexpr int most_draws = 16;

bool has_leader(const rd_kafka_topic_t* topic, std::int32_t partition) noexcept {
  return rd_kafka_topic_partition_available(topic, partition) != 0;
}

} // namespace

topic_partitioner::topic_partitioner(partitioner how, std::string topic, std::uint64_t seed,
                                     std::chrono::milliseconds sticky_for)
  : chooser_{std::move(how), topic, seed},
    sticky_for_{sticky_for},
    random_{random{}, std::move(topic), seed} {}

void topic_partitioner::attach(rd_kafka_topic_conf_t* conf) {
  rd_kafka_topic_conf_set_opaque(conf, this);
  rd_kafka_topic_conf_set_partitioner_cb(conf, &topic_partitioner::on_record);
}

std::int32_t topic_partitioner::on_record(const rd_kafka_topic_t* topic, const void*, std::size_t,
                                          std::int32_t partitions, void* self,
                                          void* record) noexcept {
  try {
    return static_cast<topic_partitioner*>(self)->choose(topic, partitions, record);
  } catch (...) {
    return partitions; // out of memory
  }
}

std::int32_t topic_partitioner::choose(const rd_kafka_topic_t* topic, std::int32_t partitions,
                                       void* record) {
  // clang before 16 cannot capture structured bindings.
  const auto found = delivery_tracker::find(record);
  auto* tracker = found.by;
  const auto index = found.index;
  auto chosen = [&]() -> result<std::int32_t> {
    if (retired_)
      return error{.code = errc::closed, .text = "the producer has ended"};
    const auto& what = tracker->batch().records[index];
    const auto view = [](const std::optional<std::string>& text) {
      return text ? std::optional<std::string_view>{*text} : std::nullopt;
    };
    return chooser_.choose(partitions, view(what.key), view(what.value));
  }();
  if (!chosen) {
    tracker->note_no_partition(index, chosen.error());
    return partitions;
  }
  return *chosen == partition_chooser::left_to_the_client ? sticky_choice(topic, partitions)
                                                          : *chosen;
}

std::int32_t topic_partitioner::choose_with_leader(const rd_kafka_topic_t* topic,
                                                   std::int32_t partitions) {
  const auto draw = [&] { return *random_.choose(partitions, std::nullopt, std::nullopt); };
  // At the first records of a topic, librdkafka knows no leader yet.
  auto chosen = draw();
  for (int draws = 1; draws < most_draws && !has_leader(topic, chosen); ++draws)
    chosen = draw();
  return chosen;
}

std::int32_t topic_partitioner::sticky_choice(const rd_kafka_topic_t* topic,
                                              std::int32_t partitions) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const auto present = sticky_partition_.load(std::memory_order_relaxed);
  if (present >= 0 && present < partitions
      && now.count() < sticky_until_.load(std::memory_order_relaxed) && has_leader(topic, present))
    return present;
  // Threads that arrive together may choose different partitions. One of these choices stays.
  const auto next = choose_with_leader(topic, partitions);
  sticky_partition_.store(next, std::memory_order_relaxed);
  sticky_until_.store((now + sticky_for_).count(), std::memory_order_relaxed);
  return next;
}

} // namespace ottla::kafka
