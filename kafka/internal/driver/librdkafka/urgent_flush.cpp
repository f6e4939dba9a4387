#include <ottla/kafka/internal/driver/librdkafka/urgent_flush.hpp>

#include <chrono>
#include <system_error>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// The broker threads look at their records within this time, unless the processor is busy.
constexpr auto longest_flush = 1ms;
/// How long a flush waits for batches that are being handed over.
constexpr auto longest_hand_over = 1ms;

} // namespace

urgent_flush::~urgent_flush() {
  {
    const std::scoped_lock guard{lock_};
    is_over_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

void urgent_flush::begin_hand_over(bool may_block) {
  std::unique_lock guard{lock_};
  if (may_block && is_flushing_)
    flushed_.wait_for(guard, longest_hand_over + longest_flush, [this] { return !is_flushing_; });
  ++handing_over_;
}

void urgent_flush::end_hand_over(bool may_block) {
  std::unique_lock guard{lock_};
  if (--handing_over_ == 0 && is_flushing_)
    handed_over_.notify_one();
  if (may_block && !is_flushing_ && groups_.next_flush(handing_over_ > 0) <= clock::now()
      && has_only_next_group())
    flush(guard);
  wake_if_due_sooner();
}

bool urgent_flush::has_only_next_group() const {
  // A flush waits for the reports of all records, for up to a millisecond.
  return static_cast<std::size_t>(rd_kafka_outq_len(of_)) <= records_in_next_;
}

void urgent_flush::add(delivery_tracker& batch) {
  const std::scoped_lock guard{lock_};
  if (!batch.hurry(groups_.next()))
    return;
  groups_.add(clock::now());
  records_in_next_ += batch.batch().records.size();
  if (!thread_.joinable())
    start();
}

void urgent_flush::start() {
  try {
    thread_ = std::thread{[this] { run(); }};
  } catch (const std::system_error&) {
    // The process has too many threads. The records wait for linger, and the next batch tries
    // again.
  }
}

void urgent_flush::note_report(urgent_groups::group of) {
  const std::scoped_lock guard{lock_};
  groups_.note_report(of);
  wake_if_due_sooner();
}

void urgent_flush::wake_if_due_sooner() {
  if (is_flushing_ || groups_.next_flush(handing_over_ > 0) >= waits_until_)
    return;
  waits_until_ = urgent_groups::time::min(); // one wake is enough
  changed_.notify_one();
}

void urgent_flush::run() {
  std::unique_lock guard{lock_};
  while (!is_over_) {
    waits_until_
      = is_flushing_ ? urgent_groups::time::max() : groups_.next_flush(handing_over_ > 0);
    if (waits_until_ == urgent_groups::time::max())
      changed_.wait(guard);
    else if (waits_until_ <= clock::now())
      flush(guard);
    else
      changed_.wait_until(guard, waits_until_);
  }
}

void urgent_flush::flush(std::unique_lock<std::mutex>& guard) {
  is_flushing_ = true;
  handed_over_.wait_for(guard, longest_hand_over, [this] { return handing_over_ == 0; });
  groups_.note_flush(clock::now());
  records_in_next_ = 0;
  guard.unlock();
  rd_kafka_flush(of_, static_cast<int>(longest_flush.count()));
  guard.lock();
  is_flushing_ = false;
  flushed_.notify_all();
}

} // namespace ottla::kafka
