#pragma once

#include <ottla/kafka/detail/lease_progress.hpp>
#include <ottla/kafka/internal/driver/partition_queue.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>
#include <ottla/kafka/internal/partition/delivery_window.hpp>
#include <ottla/kafka/internal/partition/epoch_source.hpp>
#include <ottla/kafka/observer.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// State of one assigned partition: the acknowledged offset, and the messages that are delivered
/// and not acknowledged. Over the time of an assignment, the state leases the partition to one
/// worker after the other, moves messages from the queue to the worker, and advances the offset to
/// be committed. The coordinator owns the state. The state outlives worker, acknowledger and
/// manager. So a replacement resumes from memory, and no message is fetched again.
///
/// The epoch of the lease is the fence. Only the newest epoch may take and acknowledge. The group's
/// generation cannot be the fence, since a generation rises while partitions stay, and is the same
/// for an old worker and its replacement.
///
/// Thread safety: call from any thread. The lock also orders takes, seeks and the end of the queue,
/// as the queue demands. acknowledge_in_order() releases a batch's memory on the calling thread.
/// Any other acknowledgement leaves the memory to the next take or copy_what_stays().
///
/// A batch takes two locks on its worker's thread: this state's lock in take(), and the inboxes'
/// lock in the queue's take. An acknowledgement that the next take cannot count takes this state's
/// lock once more. See lease_acks for the three ways of an acknowledgement.
class partition_state {
public:
  /// The queue starts at `beginning`. Lower offsets count as acknowledged. At most `most_open`
  /// offsets may be delivered and not acknowledged. `missing` is the wanted offset if the log does
  /// not hold that offset.
  partition_state(topic_partition where, std::int32_t generation, std::int64_t beginning,
                  std::unique_ptr<partition_queue> queue, std::shared_ptr<epoch_source> epochs,
                  std::size_t most_open, std::optional<std::int64_t> missing = std::nullopt);

  const topic_partition& where() const noexcept { return where_; }
  std::int32_t generation() const noexcept { return generation_; }
  /// Number of this assignment, unique in the connection. The epoch source issues the number.
  std::uint64_t number() const noexcept { return number_; }

  struct lease_terms {
    std::uint64_t epoch = 0;
    std::int64_t begins_at = 0;
    /// The wanted offset, if the log does not hold that offset. Set until the first
    /// acknowledgement.
    std::optional<std::int64_t> missing = std::nullopt;
  };

  /// Begins a lease and ends the previous lease. The first takes deliver the unacknowledged
  /// messages again. The state calls `wake` whenever messages may be waiting. `holder` is the
  /// caller's number for the holder, never 0. The state reads `progress` on demand, and ends
  /// `progress` with the lease. If `progress` is null, the state makes a new one. `observed_by`
  /// gets each acknowledgement that counts. Returns nullopt if the partition was given up.
  std::optional<lease_terms> lease(waker wake, std::uint64_t holder = 1,
                                   std::shared_ptr<lease_progress> progress = nullptr,
                                   std::shared_ptr<observer> observed_by = nullptr);

  /// Whether the driver reported a failure other than offset_out_of_range during the last lease.
  bool has_failed() const;

  /// Whether the driver has reported a failure other than offset_out_of_range, and since then
  /// neither messages nor an end of the log. Such a failure outlasts the lease.
  bool is_fetch_failing() const;

  /// Number of the lease's holder; 0 without a lease.
  std::uint64_t holder() const;

  /// Ends the lease without a new one. The former holder can no longer take or acknowledge.
  void end_lease();

  /// The next messages: a batch that is delivered again, or at most `most` new messages. Never
  /// blocks. Returns nullopt if the lease is over. Counts the acknowledgements that the lease's
  /// progress holds, and releases their memory. The batch is "in hand" until
  /// lease_progress::end_batch of this lease.
  ///
  /// Acknowledges the end of the log if the queue reports that end, and all records before that end
  /// are acknowledged.
  std::optional<fetched> take(std::uint64_t epoch, std::size_t most);

  struct batch_in_hand {
    /// Rises with every batch of this state.
    std::uint64_t number = 0;
    std::int64_t first = 0;
    /// Offset of the message that a message_handler is handling.
    std::optional<std::int64_t> message = std::nullopt;
  };
  /// The batch that the lease's holder is handling.
  std::optional<batch_in_hand> in_hand() const;

  /// The lease's holder handles no more messages, and destroys its handler next. That may hang.
  void begin_end_of_handler(std::uint64_t epoch);
  /// Whether the lease's holder has called begin_end_of_handler().
  bool is_handler_ending() const;

  struct activity {
    /// Rises with every batch of this state.
    std::uint64_t batches = 0;
    std::optional<batch_in_hand> in_hand = std::nullopt;
    std::int64_t acknowledged = 0;
    /// Number of offsets that are delivered and not acknowledged.
    std::int64_t unacknowledged = 0;
  };
  activity activity_now();

  /// While paused, takes return no messages. Messages in hand may be acknowledged.
  void pause();
  void resume();

  /// The lease's holder calls this regularly. Copies messages that were delivered before the last
  /// call and are still not acknowledged, so that they no longer pin their fetch buffers. One call
  /// copies batches until at least an eighth of the window is copied.
  void copy_what_stays(std::uint64_t epoch);

  /// Sets the window of `share` as the upper bound of delivered and unacknowledged bytes. The sum
  /// includes bytes_beside_message for each message. One batch is always allowed.
  void limit_bytes(memory_share share);

  /// Acknowledges the offsets [first, next). Some may already be acknowledged. Returns
  /// false if a lower offset is open, or if other ranges are on their way through the acknowledger
  /// or wait there. The caller then sends the range to the acknowledger, which calls `acknowledge`.
  /// Returns false and has no effect under an older lease.
  bool acknowledge_in_order(std::uint64_t epoch, std::int64_t first, std::int64_t next);

  /// The acknowledger calls this for each range that was not in order. All offsets below `next` are
  /// done. `some_wait` is true if other ranges wait after a gap. Returns false and has no effect
  /// under an older lease.
  bool acknowledge(std::uint64_t epoch, std::int64_t next, bool some_wait = false);

  /// The offset to be committed, which is the first offset that is not acknowledged. If all records
  /// of the log are acknowledged, this is the end of the log. Counts the acknowledgements of a
  /// message_handler within the batch in hand.
  std::int64_t next_to_commit();

  /// Number of offsets that are delivered and not acknowledged.
  std::int64_t unacknowledged();

  /// Call when the partition is no longer assigned. Ends the lease, drops queue and window, and
  /// wakes the worker, which then finds its lease over.
  void give_up();
  bool is_given_up() const;

private:
  /// Effects of a change, to be carried out without the lock.
  struct aftermath {
    std::vector<delivery_window::memory_ptr> spent;
    waker wake;
    std::shared_ptr<observer> observed_by;
    std::int64_t acknowledged = 0;
  };
  void carry_out(aftermath what) const;

  bool is_current(std::uint64_t epoch) const noexcept {
    return epoch != 0 && epoch == epoch_ && queue_ != nullptr;
  }
  /// Whether all offsets below `first` are acknowledged, and no range is on its way through the
  /// acknowledger or waits there.
  bool is_in_order(std::int64_t first) const noexcept {
    return first <= window_.acknowledged() && detours_ == 0 && !some_wait_;
  }
  lease_terms begin_lease(waker wake, std::uint64_t holder);
  /// The waker to call if the window was full and has room again.
  waker freed();
  fetched give_fresh(std::size_t most, aftermath& then);
  /// Acknowledges the end of the log if the last record is acknowledged. Returns whether the
  /// acknowledged offset has changed. No batch covers the offsets between the last record and the
  /// end, so no handler acknowledges them.
  bool pass_to_end() noexcept { return window_.skip_to(end_); }
  /// Raises the acknowledged offset to `next`.
  void advance(std::int64_t next, aftermath& then);
  /// The observer gets the acknowledged offset.
  void note_acknowledged(aftermath& then) const;
  /// Counts the acknowledgements within the batch in hand.
  void count_progress(aftermath& then);
  /// Calls count_progress(), and ends the progress of the lease.
  void end_progress(aftermath& then);
  std::optional<batch_in_hand> what_is_in_hand() const;

  const topic_partition where_;
  const std::int32_t generation_;
  const std::shared_ptr<epoch_source> epochs_;
  const std::uint64_t number_;
  const std::int64_t beginning_;
  const std::optional<std::int64_t> missing_;

  mutable std::mutex guard_;
  std::unique_ptr<partition_queue> queue_; ///< null once given up
  waker wake_;
  std::uint64_t epoch_ = 0; ///< 0 without a lease
  std::uint64_t holder_ = 0;
  bool is_handler_ending_ = false;
  /// Progress of the lease, with the batch in hand; null without a lease. take() sets that batch
  /// with the lock held, so readers with the lock see it together with batches_. The worker resets
  /// the batch without the lock. A worker whose lease is over resets only that lease's progress.
  std::shared_ptr<lease_progress> progress_;
  std::shared_ptr<observer> observer_;
  /// Invariant: beginning_ <= window_.acknowledged() <= window_.taken(). The window covers the
  /// offsets from acknowledged() up to but not including taken(). The queue continues at taken().
  delivery_window window_;
  std::int64_t end_ = -1;   ///< highest reported end of the log; -1 if none
  std::size_t detours_ = 0; ///< acknowledgements that are on their way to the acknowledger
  std::uint64_t batches_ = 0;
  bool some_wait_ = false; ///< ranges after a gap wait in the acknowledger
  bool full_ = false;      ///< the last take found no room in the window
  bool paused_ = false;
  bool failed_ = false; ///< see has_failed()
  bool is_fetch_failing_ = false;
};

} // namespace ottla::kafka
