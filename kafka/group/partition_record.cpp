#include <ottla/kafka/group/partition_record.hpp>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace ottla::kafka {

partition_record::partition_record(topic_partition where, std::int32_t generation,
                                   std::int64_t beginning, std::unique_ptr<partition_queue> queue,
                                   std::shared_ptr<epoch_source> epochs, std::size_t most_open)
  : where_{std::move(where)},
    generation_{generation},
    epochs_{std::move(epochs)},
    most_open_{static_cast<std::int64_t>(
      std::min<std::size_t>(most_open, std::numeric_limits<std::int64_t>::max()))},
    queue_{std::move(queue)},
    acknowledged_{beginning},
    taken_{beginning} {}

std::optional<partition_record::lease_terms> partition_record::lease(waker wake) {
  const std::lock_guard lock{guard_};
  if (!queue_)
    return std::nullopt;
  epoch_ = epochs_->next();
  redelivered_ = 0;
  detours_ = 0;
  some_wait_ = false;
  full_ = false;
  // Only a seek revives a partition that failed; otherwise the window holds all there is between
  // the acknowledged offset and the queue.
  if (std::exchange(failed_, false))
    queue_->seek(taken_);
  wake_ = std::move(wake);
  queue_->wake_on_message(wake_);
  return lease_terms{epoch_, acknowledged_};
}

taken partition_record::take(std::uint64_t epoch, std::size_t most) {
  std::vector<delivered_batch> done; // freed without the lock
  taken result;
  {
    const std::lock_guard lock{guard_};
    if (!holds(epoch)) {
      result.lease_over = true;
      return result;
    }
    done = take_out_done();
    if (redelivered_ < window_.size()) {
      const auto& again = window_[redelivered_++];
      const auto from = std::ranges::find_if(
        again.messages, [&](const message& one) { return one.offset() >= acknowledged_; });
      result.memory = again.memory;
      result.messages = {from, again.messages.end()};
      result.first = std::max(again.first, acknowledged_);
      result.next = again.next;
      result.more = true;
      return result;
    }
    const auto room = most_open_ - (taken_ - acknowledged_);
    if (room <= 0) {
      full_ = true;
      return result;
    }
    auto fresh = queue_->take(std::min(most, static_cast<std::size_t>(room)));
    failed_ = fresh.failed.has_value();
    result.failed = std::move(fresh.failed);
    result.more = fresh.more;
    if (fresh.messages.empty())
      return result;
    result.first = taken_;
    result.next = taken_ = fresh.messages.back().offset() + 1;
    result.memory = fresh.memory;
    result.messages = fresh.messages;
    window_.push_back({std::move(fresh.memory), fresh.messages, result.first, result.next});
    ++redelivered_;
  }
  return result;
}

bool partition_record::acknowledge_in_order(std::uint64_t epoch, std::int64_t first,
                                            std::int64_t next) {
  std::vector<delivered_batch> done; // freed without the lock
  waker wake;
  {
    const std::lock_guard lock{guard_};
    if (!holds(epoch))
      return false;
    if (acknowledged_ != first || detours_ != 0 || some_wait_) {
      ++detours_;
      return false;
    }
    wake = advance(next);
    done = take_out_done();
  }
  if (wake)
    wake();
  return true;
}

bool partition_record::acknowledge(std::uint64_t epoch, std::int64_t next, bool some_wait) {
  waker wake;
  {
    const std::lock_guard lock{guard_};
    if (!holds(epoch))
      return false;
    detours_ -= detours_ == 0 ? 0 : 1;
    some_wait_ = some_wait;
    wake = advance(next);
  }
  if (wake)
    wake();
  return true;
}

waker partition_record::advance(std::int64_t next) {
  acknowledged_ = std::max(acknowledged_, std::min(next, taken_));
  if (!full_ || taken_ - acknowledged_ >= most_open_)
    return nullptr;
  full_ = false;
  return wake_;
}

std::vector<partition_record::delivered_batch> partition_record::take_out_done() {
  std::vector<delivered_batch> done;
  while (!window_.empty() && window_.front().next <= acknowledged_) {
    done.push_back(std::move(window_.front()));
    window_.pop_front();
    redelivered_ -= redelivered_ == 0 ? 0 : 1;
  }
  return done;
}

std::int64_t partition_record::acknowledged() const {
  const std::lock_guard lock{guard_};
  return acknowledged_;
}

std::int64_t partition_record::open() const {
  const std::lock_guard lock{guard_};
  return taken_ - acknowledged_;
}

void partition_record::give_up() {
  std::deque<delivered_batch> dropped;
  std::unique_ptr<partition_queue> queue;
  waker wake;
  {
    const std::lock_guard lock{guard_};
    epoch_ = 0;
    queue = std::move(queue_);
    wake = std::exchange(wake_, nullptr);
    dropped.swap(window_);
  }
  queue.reset();
  if (wake)
    wake();
}

} // namespace ottla::kafka
