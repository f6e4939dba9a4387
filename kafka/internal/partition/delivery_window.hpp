#pragma once

#include <ottla/kafka/internal/driver/partition_queue.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>
#include <ottla/kafka/message.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

namespace ottla::kafka {

/// The batches of one partition that are delivered and not acknowledged, in offset order. Bounds
/// their offsets and bytes, delivers them again to each new lease, and copies batches that stay.
///
/// Invariants: beginning <= acknowledged() <= taken(). The batches cover all records in
/// [acknowledged(), taken()). Acknowledged batches stay until take_out_done().
///
/// Functions that remove batches return their memory, so that the caller can release the memory
/// without its lock.
///
/// Thread safety: none. The lock of the partition_state guards its window.
class delivery_window {
public:
  using memory_ptr = std::shared_ptr<const batch_memory>;

  /// Offsets below `beginning` count as acknowledged. At most `most_open` offsets may be delivered
  /// and not acknowledged.
  delivery_window(std::int64_t beginning, std::size_t most_open) noexcept;

  /// The first offset that is not acknowledged.
  std::int64_t acknowledged() const noexcept { return acknowledged_; }
  /// The first offset that is not delivered.
  std::int64_t taken() const noexcept { return taken_; }
  /// Number of offsets that are delivered and not acknowledged.
  std::int64_t unacknowledged() const noexcept { return taken_ - acknowledged_; }

  /// Sets the window of `share` as the upper bound of unacknowledged bytes. The sum includes
  /// bytes_beside_message for each message. One batch is always allowed.
  void limit_bytes(memory_share share) noexcept { share_ = share; }

  /// How many more messages may be added now, at most `most`. Call take_out_done() first.
  std::size_t room(std::size_t most) const noexcept;
  /// Whether a message may be added after take_out_done().
  bool has_room() const noexcept;

  /// Begins a lease, which takes all batches of the window again.
  void begin_lease() noexcept { taken_in_lease_ = 0; }
  /// Whether the lease has not taken all batches of the window.
  bool has_batch_to_redeliver() const noexcept { return taken_in_lease_ < batches_.size(); }
  /// The next batch of the lease, without its acknowledged messages. Requires
  /// has_batch_to_redeliver().
  fetched redeliver();

  /// Adds a batch from the queue, which has messages, and sets its range of offsets. Requires that
  /// the lease has taken all batches of the window.
  void add(fetched& fresh);

  /// Acknowledges all offsets below `next` and below taken(). Returns whether acknowledged() has
  /// changed.
  bool acknowledge(std::int64_t next) noexcept;

  /// If all delivered offsets are acknowledged, continues at `offset`. The log has no records
  /// between taken() and `offset`. Returns whether acknowledged() has changed.
  bool skip_to(std::int64_t offset) noexcept;

  /// Removes acknowledged batches.
  std::vector<memory_ptr> take_out_done();
  /// Removes all batches. The offsets stay.
  std::vector<memory_ptr> take_out_all();

  /// Copies batches that were in the window at the last call. One call copies batches until at
  /// least an eighth of the window is copied. Returns the memory of the originals. Call
  /// take_out_done() first.
  std::vector<memory_ptr> copy_what_stays();

private:
  struct delivered_batch {
    memory_ptr memory;
    std::span<const message> messages;
    std::int64_t first = 0;
    std::int64_t next = 0;
    std::size_t bytes = 0;
    enum class copying : std::uint8_t { fresh, seen, copied } copy = copying::fresh;

    /// The messages from the offset `from` on.
    std::span<const message> messages_from(std::int64_t from) const;
  };

  void take_out_first(std::vector<memory_ptr>& to);

  std::int64_t most_open_;
  std::int64_t acknowledged_;
  std::int64_t taken_;
  std::deque<delivered_batch> batches_;
  std::size_t bytes_ = 0; ///< of batches_
  /// Batches of the window that the current lease has taken, again or for the first time.
  std::size_t taken_in_lease_ = 0;
  memory_share share_;
  std::size_t bytes_each_ = 0; ///< average size of the last batch's messages
};

} // namespace ottla::kafka
