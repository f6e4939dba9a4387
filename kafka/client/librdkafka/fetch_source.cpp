#include <ottla/kafka/client/librdkafka/fetch_source.hpp>
#include <ottla/kafka/client/librdkafka/partition_list.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

// Up to 2.0.x a batch that is being taken while librdkafka itself pauses the partition may lose
// messages: those before the barrier are dropped, yet it goes on behind them.
bool batches_survive_pauses() noexcept {
  return rd_kafka_version() >= 0x020100ff;
}

std::size_t take_one_by_one(rd_kafka_queue_t* queue, std::span<rd_kafka_message_t*> into) {
  std::size_t taken = 0;
  while (taken < into.size()) {
    into[taken] = rd_kafka_consume_queue(queue, 0);
    if (into[taken] == nullptr)
      break;
    ++taken;
  }
  return taken;
}

} // namespace

fetch_source::fetch_source(std::shared_ptr<handle> from, topic_partition which) noexcept
  : from_{std::move(from)}, which_{std::move(which)} {}

fetch_source::~fetch_source() {
  close();
}

void fetch_source::open(rebalance_protocol protocol) {
  const std::scoped_lock guard{lock_};
  queue_.reset(
    rd_kafka_queue_get_partition(from_->native(), which_.topic.c_str(), which_.partition));
  if (queue_ == nullptr)
    return;
  one_by_one_ = protocol == rebalance_protocol::cooperative && !batches_survive_pauses();
  rd_kafka_queue_forward(queue_.get(), nullptr);
  // Of an earlier assignment; its errors, unlike its messages, would not be seen to be outdated.
  drain(queue_.get());
  bell_.attach(queue_.get());
}

std::size_t fetch_source::take(std::span<rd_kafka_message_t*> into) {
  const std::scoped_lock guard{lock_};
  if (queue_ == nullptr || into.empty())
    return 0;
  if (one_by_one_)
    return take_one_by_one(queue_.get(), into);
  const auto taken = rd_kafka_consume_batch_queue(queue_.get(), 0, into.data(), into.size());
  return static_cast<std::size_t>(std::max<ssize_t>(taken, 0));
}

void fetch_source::fetch_more() {
  const std::scoped_lock guard{lock_};
  auto* fetches = from_->fetches();
  if (queue_ == nullptr || fetches == nullptr || !fetches->may_nap(fetched_by()))
    return;
  // Nothing wakes the thread but a request of its broker; nobody waits for this one's answer.
  const auto any = make_partition_list(which_, RD_KAFKA_OFFSET_END);
  rd_kafka_offsets_for_times(from_->native(), any.get(), 0);
}

void fetch_source::wake_on_message(waker wake) {
  bell_.connect(std::move(wake));
  const std::scoped_lock guard{lock_};
  // librdkafka rings only when the queue turns non-empty, not for what is in it already.
  if (queue_ != nullptr && rd_kafka_queue_length(queue_.get()) > 0)
    bell_.ring();
}

void fetch_source::seek(std::int64_t offset) {
  const std::scoped_lock guard{lock_};
  if (queue_ == nullptr)
    return;
  const auto to = make_partition_list(which_, offset);
  if (auto* failure = rd_kafka_seek_partitions(from_->native(), to.get(), 0))
    rd_kafka_error_destroy(failure);
}

void fetch_source::close() {
  bell_.connect({});
  const std::scoped_lock guard{lock_};
  if (queue_ == nullptr)
    return;
  doorbell::detach(queue_.get());
  from_->retire(which_, std::move(queue_));
}

} // namespace ottla::kafka
