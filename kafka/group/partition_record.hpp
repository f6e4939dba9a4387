#pragma once

#include <ottla/kafka/client/partition_queue.hpp>
#include <ottla/kafka/consumer/lease_progress.hpp>
#include <ottla/kafka/group/memory_share.hpp>
#include <ottla/kafka/observer.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace ottla::kafka {

/// Gives every lease of a connection a number of its own, rising, also across restarts of the tree.
class epoch_source {
public:
  std::uint64_t next() noexcept { return ++last_; }

private:
  std::atomic<std::uint64_t> last_ = 0;
};

/// What one take answers.
struct taken {
  /// The lease is over: nothing will come any more.
  bool lease_over = false;
  std::span<const message> messages;
  std::shared_ptr<const batch_memory> memory;
  /// The offsets this answer stands for, gaps of the log included.
  std::int64_t first = 0;
  std::int64_t next = 0;
  /// More may be waiting.
  bool more = false;
  /// The end of the log is acknowledged with this take, since nothing before it is open: behind the
  /// last record there was only what nobody can read.
  std::optional<std::int64_t> end;
  std::optional<error> failed;
};

/// What is known of one assigned partition: how far it is acknowledged, and what was delivered and
/// is not. It belongs to the coordinator and is leased to one worker at a time, so it outlives
/// worker, acknowledger and manager: a replacement goes on from here, without asking the broker for
/// what was fetched already.
///
/// The epoch of the lease is the fence: with any but the newest one nothing is taken and nothing
/// acknowledged. (The group's generation would not do: it rises while partitions stay, and is the
/// same for an old worker and its replacement.)
///
/// Thread safety: call from any thread. The lock also keeps takes apart from seek and unassign, as
/// the queue demands. A batch's memory is let go of by the worker's thread: at its acknowledgement
/// where that is in order, else at the next take.
class partition_record {
public:
  /// `beginning` is where the queue starts: everything below is acknowledged. `most_open` is how
  /// many offsets may be delivered and not acknowledged. `missing`: the offset that was wanted
  /// instead, and is not in the log.
  partition_record(topic_partition where, std::int32_t generation, std::int64_t beginning,
                   std::unique_ptr<partition_queue> queue, std::shared_ptr<epoch_source> epochs,
                   std::size_t most_open, std::optional<std::int64_t> missing = std::nullopt);

  const topic_partition& where() const noexcept { return where_; }
  std::int32_t generation() const noexcept { return generation_; }
  /// Tells this assignment from every other one; from the epoch source too.
  std::uint64_t number() const noexcept { return number_; }

  struct lease_terms {
    std::uint64_t epoch = 0;
    std::int64_t begins_at = 0;
    /// The offset that was wanted and is not in the log, until something is acknowledged.
    std::optional<std::int64_t> missing = std::nullopt;
  };

  /// Ends the lease before. What was delivered and not acknowledged comes first; `wake` is called
  /// whenever there may be something to take. Nothing when the partition was given up. `holder` is
  /// whoever has it now, in the caller's numbers, never 0. Of the batch in hand the record counts
  /// what `progress` says, whenever somebody asks, and tells `progress` when the lease is over.
  /// `observed_by` learns of each acknowledgement that counts.
  std::optional<lease_terms> lease(waker wake, std::uint64_t holder = 1,
                                   std::shared_ptr<lease_progress> progress = nullptr,
                                   std::shared_ptr<observer> observed_by = nullptr);

  /// The client reported a failure of this partition, and the next lease has not begun.
  bool has_failed() const;

  /// Who has the lease; 0: nobody.
  std::uint64_t holder() const;

  /// Without a new one. Whoever holds it takes nothing and acknowledges nothing any more.
  void end_lease();

  /// The next messages, at most `most` of those not fetched before. Never blocks. They count as in
  /// hand until they are handled.
  taken take(std::uint64_t epoch, std::size_t most);

  /// The messages of the last take are looked at.
  void handled(std::uint64_t epoch);

  struct batch_in_hand {
    /// Rises with every batch of this record.
    std::uint64_t number = 0;
    std::int64_t first = 0;
    /// The message in hand, where the handler takes them one by one.
    std::optional<std::int64_t> message = std::nullopt;
  };
  /// What the holder of the lease is looking at.
  std::optional<batch_in_hand> in_hand() const;

  struct activity {
    /// Rises with every batch of this record.
    std::uint64_t batches = 0;
    std::optional<batch_in_hand> in_hand = std::nullopt;
    std::int64_t acknowledged = 0;
  };
  /// What became of the lease so far.
  activity look();

  /// While paused nothing is taken; what is in hand may be acknowledged.
  void pause();
  void resume();

  /// Called now and then, by the lease's holder: what was delivered before the last call already
  /// and is still not acknowledged gets memory of its own, and no longer pins what it was fetched
  /// in. An eighth of the window at a time, or one batch.
  void copy_what_stays(std::uint64_t epoch);

  /// How many bytes may be delivered and not acknowledged is the window of this share, the client's
  /// own bookkeeping for each message included; one batch always may. Nothing more is taken beyond.
  void limit_bytes(memory_share share);

  /// The offsets [first, next) are done. False where something below them is open, or others are on
  /// their way through the acknowledger: these must go there too; `acknowledge` follows from it.
  /// False under an older lease too: then nothing follows. Part of them may be acknowledged
  /// already.
  bool acknowledge_in_order(std::uint64_t epoch, std::int64_t first, std::int64_t next);

  /// From the acknowledger, for each that was not in order: everything below `next` is done;
  /// `some_wait`: others are behind a gap. False, and nothing happens, under an older lease.
  bool acknowledge(std::uint64_t epoch, std::int64_t next, bool some_wait = false);

  /// The offset to be committed: that of the first message not acknowledged. Where the end of the
  /// log was reached and everything before is acknowledged, the offset of that end. Counts what a
  /// record_handler has acknowledged of the batch in hand.
  std::int64_t acknowledged();

  /// Offsets delivered and not acknowledged.
  std::int64_t open();

  /// The partition is no longer ours: ends the lease, drops queue and window, wakes the worker so
  /// that it sees.
  void give_up();
  bool is_given_up() const;

private:
  struct delivered_batch {
    std::shared_ptr<const batch_memory> memory;
    std::span<const message> messages;
    std::int64_t first = 0;
    std::int64_t next = 0;
    std::size_t bytes = 0;
    enum class stage : std::uint8_t { fresh, seen, copied } is = stage::fresh;
  };

  /// What follows from a change, to be done without the lock.
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
  /// How many more messages may be taken now; what is acknowledged is out of the window.
  std::size_t room(std::size_t most) const noexcept;
  bool has_room() const noexcept;
  /// Who is to be woken where there was no room and now is.
  waker freed();
  taken give_again();
  taken give_fresh(std::size_t most);
  /// Behind the last record, acknowledged, nobody has anything to acknowledge.
  bool pass_to_end() noexcept;
  /// Takes note that more is acknowledged.
  void advance(std::int64_t next, aftermath& then);
  /// Takes note of what the handler has acknowledged of the batch in hand.
  void count_progress(aftermath& then);
  /// The same, and tells the handler that its lease is over.
  void end_progress(aftermath& then);
  std::optional<batch_in_hand> what_is_in_hand() const;
  /// Moves what is acknowledged out of the window.
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
  std::shared_ptr<lease_progress> progress_; ///< of the lease; null: none
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
  std::optional<std::int64_t> first_in_hand_;
  bool some_wait_ = false; ///< in the acknowledger, behind a gap
  bool full_ = false;
  bool paused_ = false;
  bool failed_ = false;
};

} // namespace ottla::kafka
