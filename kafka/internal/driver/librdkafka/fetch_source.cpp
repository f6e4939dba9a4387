#include <ottla/kafka/internal/driver/librdkafka/batch_faults.hpp>
#include <ottla/kafka/internal/driver/librdkafka/epoch_functions.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_source.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <utility>

namespace ottla::kafka {

fetch_source::fetch_source(std::shared_ptr<handle> from, topic_partition which) noexcept
  : handle_{std::move(from)}, partition_{std::move(which)} {}

fetch_source::~fetch_source() {
  close();
}

void fetch_source::open(rebalance_protocol protocol) {
  const std::scoped_lock guard{lock_};
  queue_.reset(rd_kafka_queue_get_partition(handle_->native(), partition_.topic.c_str(),
                                            partition_.partition));
  if (queue_ == nullptr)
    return;
  rd_kafka_queue_forward(queue_.get(), nullptr);
  // Drops messages and errors of an earlier assignment. The reader recognizes old messages by their
  // offsets, but not old errors.
  empty_queue(queue_.get());
  const bool one_by_one
    = protocol == rebalance_protocol::cooperative && !batches_survive_pauses(rd_kafka_version());
  inbox_ = handle_->pool().open(partition_, queue_.get(), one_by_one);
}

fetch_pool::handed_out fetch_source::take(std::span<rd_kafka_message_t*> into) const {
  if (inbox_ == nullptr || into.empty())
    return {};
  return inbox_->take(into);
}

void fetch_source::wake_on_message(waker wake) {
  const std::scoped_lock guard{lock_};
  if (inbox_ == nullptr)
    return;
  inbox_->bell.connect(std::move(wake));
  // The bell rings only when the inbox becomes non-empty. So this function rings for messages that
  // are already in the inbox.
  if (queue_ != nullptr && handle_->pool().has_messages(*inbox_))
    inbox_->bell.ring();
}

void fetch_source::seek(std::int64_t offset, std::int32_t epoch) {
  const std::scoped_lock guard{lock_};
  if (queue_ == nullptr)
    return;
  handle_->pool().restart(*inbox_, [&] {
    const auto to = make_partition_list(partition_, offset);
    set_leader_epoch(to.get(), partition_, epoch);
    if (auto* failure = rd_kafka_seek_partitions(handle_->native(), to.get(), 0))
      rd_kafka_error_destroy(failure);
  });
}

void fetch_source::close() {
  const std::scoped_lock guard{lock_};
  if (queue_ == nullptr)
    return;
  inbox_->bell.connect({});
  handle_->pool().close(*inbox_);
  handle_->retire(partition_, std::move(queue_));
}

} // namespace ottla::kafka
