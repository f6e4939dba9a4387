#include <ottla/kafka/internal/partition/partition_state.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace ottla::kafka {

partition_state::partition_state(topic_partition where, std::int32_t generation,
                                 std::int64_t beginning, std::unique_ptr<partition_queue> queue,
                                 std::shared_ptr<epoch_source> epochs, std::size_t most_open,
                                 std::optional<std::int64_t> missing)
  : where_{std::move(where)},
    generation_{generation},
    epochs_{std::move(epochs)},
    number_{epochs_->next()},
    beginning_{beginning},
    missing_{missing},
    queue_{std::move(queue)},
    window_{beginning, most_open} {}

std::optional<partition_state::lease_terms>
partition_state::lease(waker wake, std::uint64_t holder, std::shared_ptr<lease_progress> progress,
                       std::shared_ptr<observer> observed_by) {
  aftermath then;
  std::optional<lease_terms> terms;
  if (!progress)
    progress = std::make_shared<lease_progress>();
  {
    const std::lock_guard lock{guard_};
    if (!queue_)
      return std::nullopt;
    end_progress(then);
    terms = begin_lease(std::move(wake), holder);
    progress_ = std::move(progress);
    observer_ = std::move(observed_by);
  }
  carry_out(std::move(then));
  return terms;
}

partition_state::lease_terms partition_state::begin_lease(waker wake, std::uint64_t holder) {
  epoch_ = epochs_->next();
  holder_ = holder;
  is_handler_ending_ = false;
  window_.begin_lease();
  detours_ = 0;
  some_wait_ = false;
  full_ = false;
  // Only a seek revives a partition that failed. Any other partition needs no seek, since the
  // window holds all messages between the acknowledged offset and the queue.
  if (std::exchange(failed_, false))
    queue_->seek(window_.taken());
  wake_ = std::move(wake);
  queue_->wake_on_message(wake_);
  const auto from = window_.acknowledged();
  return lease_terms{epoch_, from, from == beginning_ ? missing_ : std::nullopt};
}

std::uint64_t partition_state::holder() const {
  const std::lock_guard lock{guard_};
  return holder_;
}

void partition_state::end_lease() {
  aftermath then;
  {
    const std::lock_guard lock{guard_};
    end_progress(then);
    epoch_ = 0;
    holder_ = 0;
    wake_ = nullptr;
  }
  carry_out(std::move(then));
}

std::optional<fetched> partition_state::take(std::uint64_t epoch, std::size_t most) {
  aftermath then;
  fetched result;
  {
    const std::lock_guard lock{guard_};
    if (!is_current(epoch))
      return std::nullopt;
    // The worker leaves the acknowledgement of a batch to the next take if that take follows
    // immediately.
    count_progress(then);
    then.spent = window_.take_out_done();
    if (!paused_)
      result = window_.has_batch_to_redeliver() ? window_.redeliver() : give_fresh(most, then);
    if (!result.messages.empty()) {
      ++batches_;
      result.in_order = is_in_order(result.first);
      progress_->begin_batch(result.first);
    }
  }
  carry_out(std::move(then));
  return result;
}

fetched partition_state::give_fresh(std::size_t most, aftermath& then) {
  most = window_.room(most);
  if (most == 0) {
    full_ = true;
    return {};
  }
  auto fresh = queue_->take(most);
  // After an offset out of range, the next lease must not seek, since the handle would return
  // nothing more. If the worker died before it reported the failure, the next lease gets the
  // failure again, because it does not seek.
  failed_ = fresh.failed && fresh.failed->code != errc::offset_out_of_range;
  if (failed_)
    is_fetch_failing_ = true;
  else if (!fresh.messages.empty() || fresh.end)
    is_fetch_failing_ = false;
  if (fresh.end)
    end_ = std::max(end_, *fresh.end);
  if (fresh.messages.empty()) {
    if (pass_to_end())
      note_acknowledged(then);
    return fresh;
  }
  window_.add(fresh);
  return fresh;
}

bool partition_state::has_failed() const {
  const std::lock_guard lock{guard_};
  return failed_;
}

bool partition_state::is_fetch_failing() const {
  const std::lock_guard lock{guard_};
  return is_fetch_failing_;
}

void partition_state::begin_end_of_handler(std::uint64_t epoch) {
  const std::lock_guard lock{guard_};
  if (is_current(epoch))
    is_handler_ending_ = true;
}

bool partition_state::is_handler_ending() const {
  const std::lock_guard lock{guard_};
  return is_handler_ending_;
}

std::optional<partition_state::batch_in_hand> partition_state::in_hand() const {
  const std::lock_guard lock{guard_};
  return what_is_in_hand();
}

std::optional<partition_state::batch_in_hand> partition_state::what_is_in_hand() const {
  const auto first = progress_ ? progress_->batch_in_hand() : std::nullopt;
  if (!first)
    return std::nullopt;
  return batch_in_hand{batches_, *first, progress_->message_in_hand()};
}

partition_state::activity partition_state::activity_now() {
  aftermath then;
  activity result;
  {
    const std::lock_guard lock{guard_};
    // Reads the batch in hand first, because the worker resets it last and without the lock. So if
    // no batch is in hand, all acknowledgements of the last batch count.
    const auto in_hand = what_is_in_hand();
    count_progress(then);
    result = {batches_, in_hand, window_.acknowledged(), window_.unacknowledged()};
  }
  carry_out(std::move(then));
  return result;
}

void partition_state::pause() {
  const std::lock_guard lock{guard_};
  paused_ = true;
}

void partition_state::resume() {
  waker wake;
  {
    const std::lock_guard lock{guard_};
    if (std::exchange(paused_, false))
      wake = wake_;
  }
  if (wake)
    wake();
}

void partition_state::copy_what_stays(std::uint64_t epoch) {
  // Freed without the lock.
  std::vector<delivery_window::memory_ptr> done;
  std::vector<delivery_window::memory_ptr> originals;
  const std::lock_guard lock{guard_};
  if (!is_current(epoch))
    return;
  done = window_.take_out_done();
  originals = window_.copy_what_stays();
}

void partition_state::limit_bytes(memory_share share) {
  waker wake;
  {
    const std::lock_guard lock{guard_};
    window_.limit_bytes(share);
    wake = freed();
  }
  if (wake)
    wake();
}

bool partition_state::acknowledge_in_order(std::uint64_t epoch, std::int64_t first,
                                           std::int64_t next) {
  aftermath then;
  bool in_order = false;
  {
    const std::lock_guard lock{guard_};
    if (!is_current(epoch))
      return false;
    // An ack_handle may acknowledge offsets right after the handler's progress. Without this call
    // these offsets would not be in order.
    count_progress(then);
    in_order = is_in_order(first);
    if (in_order) {
      advance(next, then);
      count_progress(then);
      then.spent = window_.take_out_done();
    } else {
      ++detours_;
      progress_->note_detour();
    }
  }
  carry_out(std::move(then));
  return in_order;
}

bool partition_state::acknowledge(std::uint64_t epoch, std::int64_t next, bool some_wait) {
  aftermath then;
  {
    const std::lock_guard lock{guard_};
    if (!is_current(epoch))
      return false;
    detours_ -= detours_ == 0 ? 0 : 1;
    some_wait_ = some_wait;
    advance(next, then);
    count_progress(then);
  }
  carry_out(std::move(then));
  return true;
}

void partition_state::advance(std::int64_t next, aftermath& then) {
  if (!window_.acknowledge(next))
    return;
  pass_to_end();
  note_acknowledged(then);
  if (auto wake = freed())
    then.wake = std::move(wake);
}

void partition_state::note_acknowledged(aftermath& then) const {
  then.acknowledged = window_.acknowledged();
  then.observed_by = observer_;
}

void partition_state::count_progress(aftermath& then) {
  if (!progress_)
    return;
  const auto done = progress_->acknowledged();
  if (done.first <= window_.acknowledged() && window_.acknowledged() < done.next)
    advance(done.next, then);
}

void partition_state::end_progress(aftermath& then) {
  count_progress(then);
  if (const auto over = std::exchange(progress_, nullptr))
    over->end();
}

void partition_state::carry_out(aftermath what) const {
  if (what.observed_by)
    what.observed_by->acknowledged(where_, what.acknowledged);
  if (what.wake)
    what.wake();
}

waker partition_state::freed() {
  if (!full_ || !window_.has_room())
    return nullptr;
  full_ = false;
  return wake_;
}

std::int64_t partition_state::next_to_commit() {
  return activity_now().acknowledged;
}

std::int64_t partition_state::unacknowledged() {
  aftermath then;
  std::int64_t result = 0;
  {
    const std::lock_guard lock{guard_};
    count_progress(then);
    result = window_.unacknowledged();
  }
  carry_out(std::move(then));
  return result;
}

bool partition_state::is_given_up() const {
  const std::lock_guard lock{guard_};
  return queue_ == nullptr;
}

void partition_state::give_up() {
  std::vector<delivery_window::memory_ptr> dropped;
  std::unique_ptr<partition_queue> queue;
  waker wake;
  {
    const std::lock_guard lock{guard_};
    // Counts the last acknowledgements, so that reports of acknowledged messages without a
    // confirmed commit include them. The observer gets no notice of these acknowledgements. Later
    // acknowledgements do not count.
    observer_.reset();
    aftermath unused;
    end_progress(unused);
    epoch_ = 0;
    holder_ = 0;
    queue = std::move(queue_);
    wake = std::exchange(wake_, nullptr);
    dropped = window_.take_out_all();
  }
  queue.reset();
  if (wake)
    wake();
}

} // namespace ottla::kafka
