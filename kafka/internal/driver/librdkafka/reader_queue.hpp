#pragma once

#include <ottla/kafka/internal/driver/librdkafka/doorbell.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reader_core.hpp>
#include <ottla/kafka/internal/driver/partition_queue.hpp>

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace ottla::kafka {

/// One partition that is read without a group. librdkafka raises no error for a partition that does
/// not exist, or that is started twice.
class reader_queue final : public partition_queue {
public:
  /// `topic` belongs to `core`.
  reader_queue(std::shared_ptr<reader_core> core, rd_kafka_topic_t* topic, const position& from);
  ~reader_queue() override;

  fetched take(std::size_t most) override;
  void wake_on_message(waker wake) override;
  void seek(std::int64_t offset) override;

private:
  void start();
  void stop();
  std::shared_ptr<fetched_batch> sort_out(std::span<rd_kafka_message_t*> raw);
  bool is_wanted(const rd_kafka_message_t& raw);
  void fail(error why);

  const std::shared_ptr<reader_core> core_;
  rd_kafka_topic_t* const topic_;
  const topic_partition partition_;
  std::int64_t expected_;
  doorbell bell_;
  owned_queue queue_;
  bool started_ = false;
  std::optional<error> failed_;
  std::optional<std::int64_t> end_;      ///< end of the partition that is not reported yet
  std::vector<rd_kafka_message_t*> raw_; // reused
};

} // namespace ottla::kafka
