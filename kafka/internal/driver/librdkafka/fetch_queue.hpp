#pragma once

#include <ottla/kafka/internal/driver/librdkafka/fetch_source.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/leader_epochs.hpp>
#include <ottla/kafka/internal/driver/partition_queue.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// The reader's side of a fetch_source. Removes errors, reports of the partition's end, and
/// messages that librdkafka fetched twice.
class fetch_queue final : public partition_queue {
public:
  /// `epochs` receives the leader epochs of the messages.
  fetch_queue(std::shared_ptr<fetch_source> source, std::int64_t begin,
              std::shared_ptr<leader_epochs> epochs) noexcept;
  ~fetch_queue() override;

  fetched take(std::size_t most) override;
  void wake_on_message(waker wake) override;
  void seek(std::int64_t offset) override;

private:
  std::shared_ptr<fetched_batch> sort_out(std::span<rd_kafka_message_t*> raw,
                                          std::thread::id fetched_by);
  bool is_wanted(const rd_kafka_message_t& raw);
  void note_epochs(std::span<const message> taken);

  std::shared_ptr<fetch_source> source_;
  const std::int64_t begin_;
  std::int64_t expected_;
  std::shared_ptr<leader_epochs> epochs_;
  std::int32_t last_epoch_ = leader_epochs::unknown; ///< the epoch that was noted last
  std::optional<error> failed_;
  std::optional<std::int64_t> end_;      ///< end of the partition that is not reported yet
  std::vector<rd_kafka_message_t*> raw_; // reused
};

} // namespace ottla::kafka
