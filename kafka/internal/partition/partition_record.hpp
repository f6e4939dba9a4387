#pragma once

#include <ottla/kafka/detail/lease_progress.hpp>
#include <ottla/kafka/internal/driver/partition_queue.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>
#include <ottla/kafka/internal/partition/epoch_source.hpp>
#include <ottla/kafka/observer.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace ottla::kafka {

/// State of one assigned partition: the acknowledged offset, and the messages that are delivered
/// and not acknowledged. The coordinator owns the record and leases it to one worker at a time. The
/// record outlives worker, acknowledger and manager: a replacement resumes from memory, without
/// fetching messages again.
///
/// The epoch of the lease is the fence: only the newest epoch may take and acknowledge. The group's
/// generation cannot be the fence: it rises while partitions stay, and is the same for an old
/// worker and its replacement.
///
/// Thread safety: call from any thread. The lock also keeps takes apart from seek and unassign, as
/// the queue demands. An acknowledgement in order releases a batch's memory on the calling thread.
/// Otherwise the next take releases it.
class partition_record {
public:
  /// `beginning` is where the queue starts: everything below is acknowledged. `most_open` is how
  /// many offsets may be delivered and not acknowledged. `missing`: the wanted offset, if the log
  /// does not hold it.
  partition_record(topic_partition where, std::int32_t generation, std::int64_t beginning,
                   std::unique_ptr<partition_queue> queue, std::shared_ptr<epoch_source> epochs,
                   std::size_t most_open, std::optional<std::int64_t> missing = std::nullopt);

  const topic_partition& where() const noexcept { return where_; }
  std::int32_t generation() const noexcept { return generation_; }
  /// Number of this assignment, unique in the connection. Comes from the epoch source too.
  std::uint64_t number() const noexcept { return number_; }

  struct lease_terms {
    std::uint64_t epoch = 0;
    std::int64_t begins_at = 0;
    /// The wanted offset, if the log does not hold it. Set until something is acknowledged.
    std::optional<std::int64_t> missing = std::nullopt;
  };

  /// Begins a lease and ends the lease before. Messages that were delivered and not acknowledged
  /// come first. `wake` is called whenever there may be something to take. `holder`: the caller's
  /// number for the holder, never 0. The record reads `progress` of the batch in hand on demand,
  /// and ends `progress` with the lease. `observed_by` gets each acknowledgement that counts.
  /// Returns nullopt if the partition was given up.
  std::optional<lease_terms> lease(waker wake, std::uint64_t holder = 1,
                                   std::shared_ptr<lease_progress> progress = nullptr,
                                   std::shared_ptr<observer> observed_by = nullptr);

  /// The driver reported a failure other than offset_out_of_range, and no lease has begun since.
  bool has_failed() const;

  /// Number of the lease's holder; 0: nobody.
  std::uint64_t holder() const;

  /// Ends the lease without a new one. Its holder can no longer take or acknowledge.
  void end_lease();

  /// The next messages: a batch that is delivered again, or at most `most` new messages. Never
  /// blocks. Returns nullopt if the lease is over. The messages count as in hand until
  /// lease_progress::end_batch of this lease.
  ///
  /// Acknowledges the end of the log if the queue reports that end, no offset below is open, and no
  /// record follows.
  std::optional<fetched> take(std::uint64_t epoch, std::size_t most);

  struct batch_in_hand {
    /// Rises with every batch of this record.
    std::uint64_t number = 0;
    std::int64_t first = 0;
    /// The message in hand of a message_handler.
    std::optional<std::int64_t> message = std::nullopt;
  };
  /// The batch that the lease's holder has in hand.
  std::optional<batch_in_hand> in_hand() const;

  struct activity {
    /// Rises with every batch of this record.
    std::uint64_t batches = 0;
    std::optional<batch_in_hand> in_hand = std::nullopt;
    std::int64_t acknowledged = 0;
  };
  /// Activity of this record so far.
  activity state();

  /// While paused, takes are empty. Messages in hand may be acknowledged.
  void pause();
  void resume();

  /// To be called regularly by the lease's holder. Copies messages that were delivered before the
  /// last call and are still not acknowledged, so that they no longer pin their fetch buffers. One
  /// call copies an eighth of the window, or one batch.
  void copy_what_stays(std::uint64_t epoch);

  /// Limits the bytes that are delivered and not acknowledged to the window of this share. The
  /// driver's memory beside each message counts. One batch is always allowed.
  void limit_bytes(memory_share share);

  /// The offsets [first, next) are done; part of them may be acknowledged already. False if a lower
  /// offset is open, or if others are on their way through the acknowledger. The caller then sends
  /// the range to the acknowledger, which calls `acknowledge`. False under an older lease too: the
  /// range does not count then.
  bool acknowledge_in_order(std::uint64_t epoch, std::int64_t first, std::int64_t next);

  /// Called by the acknowledger for each range that was not in order. Everything below `next` is
  /// done. `some_wait`: other ranges wait behind a gap. False and no effect under an older lease.
  bool acknowledge(std::uint64_t epoch, std::int64_t next, bool some_wait = false);

  /// The offset to be committed: the first offset that is not acknowledged. If everything up to the
  /// end of the log is acknowledged, the offset of that end. Counts what a message_handler has
  /// acknowledged of the batch in hand.
  std::int64_t acknowledged();

  /// Number of offsets that are delivered and not acknowledged.
  std::int64_t open();

  /// The partition is no longer assigned: ends the lease, drops queue and window, and wakes the
  /// worker so that it notices.
  void give_up();
  bool is_given_up() const;

private:
  struct delivered_batch {
    std::shared_ptr<const batch_memory> memory;
    std::span<const message> messages;
    std::int64_t first = 0;
    std::int64_t next = 0;
    std::size_t bytes = 0;
    enum class copying : std::uint8_t { fresh, seen, copied } copy = copying::fresh;
  };

  /// Effects of a change, to be carried out without the lock.
  struct aftermath {
    std::vector<delivered_batch> spent;
    waker wake;
    std::shared_ptr<observer> observed_by;
    std::int64_t acknowledged = 0;
  };
  void carry_out(aftermath what) const;

  bool holds(std::uint64_t epoch) const noexcept {
    return epoch != 0 && epoch == epoch_ && queue_ != nullptr;
  }
  lease_terms begin_lease(waker wake, std::uint64_t holder);
  /// How many more messages may be taken now. Acknowledged batches are out of the window already.
  std::size_t room(std::size_t most) const noexcept;
  bool has_room() const noexcept;
  /// The waker to call if there was no room and now is.
  waker freed();
  fetched give_again();
  fetched give_fresh(std::size_t most, aftermath& then);
  /// Acknowledges the end of the log once the last record is acknowledged: nobody else does.
  bool pass_to_end() noexcept;
  /// Raises the acknowledged offset to `next`.
  void advance(std::int64_t next, aftermath& then);
  /// The observer gets the acknowledged offset.
  void note_acknowledged(aftermath& then) const;
  /// Counts what the handler has acknowledged of the batch in hand.
  void count_progress(aftermath& then);
  /// Calls count_progress(), and tells the handler that its lease is over.
  void end_progress(aftermath& then);
  std::optional<batch_in_hand> what_is_in_hand() const;
  /// Moves acknowledged batches out of the window.
  std::vector<delivered_batch> take_out_done();

  const topic_partition where_;
  const std::int32_t generation_;
  const std::shared_ptr<epoch_source> epochs_;
  const std::int64_t most_open_;
  const std::uint64_t number_;
  const std::int64_t beginning_;
  const std::optional<std::int64_t> missing_;

  mutable std::mutex guard_;
  std::unique_ptr<partition_queue> queue_; ///< null: given up
  waker wake_;
  std::uint64_t epoch_ = 0; ///< 0: no lease
  std::uint64_t holder_ = 0;
  /// Of the lease; null: no lease. Also has the batch in hand. take() sets that batch with the lock
  /// held, so that readers with the lock see it together with batches_. The worker resets the batch
  /// without the lock. A worker whose lease is over resets only its own, replaced progress.
  std::shared_ptr<lease_progress> progress_;
  std::shared_ptr<observer> observer_;
  std::int64_t acknowledged_;
  std::int64_t taken_;
  std::int64_t end_ = -1; ///< of the log, as far as it was reached
  std::deque<delivered_batch> window_;
  std::size_t redelivered_ = 0; ///< how much of the window the current lease has had
  std::size_t detours_ = 0;     ///< acknowledgements that are on their way to the acknowledger
  std::size_t window_bytes_ = 0;
  memory_share share_;
  std::size_t bytes_each_ = 0; ///< of the last batch's messages, on average
  std::uint64_t batches_ = 0;
  bool some_wait_ = false; ///< in the acknowledger, behind a gap
  bool full_ = false;
  bool paused_ = false;
  bool failed_ = false;
};

} // namespace ottla::kafka
