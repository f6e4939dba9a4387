#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace ottla::kafka {

/// State that one lease shares with the handler of its messages: the current batch, the current
/// message, the last range of acknowledged offsets, and whether the handler should return. For
/// ottla's internal use.
///
/// The handler's side costs a few plain loads and stores for each message, and no lock. The lease
/// reads the progress on demand.
///
/// Thread safety: begin_batch, leave_to_next_take, is_left_to_next_take, has_detour, end_batch,
/// begin, done and leave are for the handling thread, one call at a time. Call the rest from any
/// thread.
class lease_progress {
public:
  /// `worker_ends` is set when the worker is asked to end. If null, the worker is never asked.
  explicit lease_progress(std::shared_ptr<const std::atomic<bool>> worker_ends = nullptr) noexcept
    : worker_ends_{std::move(worker_ends)} {}

  /// Whether the handler should return: the worker is asked to end, or the lease is over.
  bool is_ending() const noexcept {
    return over_.load(std::memory_order_acquire)
           || (worker_ends_ && worker_ends_->load(std::memory_order_acquire));
  }

  /// The lease is over.
  void end() noexcept { over_.store(true, std::memory_order_release); }

  /// Makes the batch from offset `first` the current batch. partition_state::take() calls this with
  /// the lock of the partition_state held. The same lock guards the count of batches.
  void begin_batch(std::int64_t first) noexcept {
    batch_.store(first, std::memory_order_relaxed);
    left_to_next_take_ = nowhere;
    detours_.store(0, std::memory_order_relaxed);
  }

  /// The next take of the lease counts acknowledgements that start with the batch's first offset.
  /// The worker calls this before the handler gets the batch, if all earlier offsets are
  /// acknowledged and the next take follows the batch immediately.
  void leave_to_next_take() noexcept {
    left_to_next_take_ = batch_.load(std::memory_order_relaxed);
  }
  bool is_left_to_next_take(std::int64_t first) const noexcept {
    return left_to_next_take_ != nowhere && left_to_next_take_ == first;
  }

  /// A detour is an acknowledgement that is not in order. It goes to the acknowledger, which may
  /// keep it until the gap before it is closed. The partition_state calls this function before the
  /// acknowledgement goes to the acknowledger.
  void note_detour() noexcept { detours_.fetch_or(1, std::memory_order_acq_rel); }

  /// Whether note_detour() was called for the batch. Call after done(). If the result is false, the
  /// acknowledger has no range of the batch yet, and sees the progress of done() when it gets one.
  bool has_detour() noexcept { return detours_.fetch_or(0, std::memory_order_acq_rel) != 0; }

  /// Clears the current batch. leased_partition::apply() calls this after applying the verdict.
  void end_batch() noexcept {
    // Pairs with the load in batch_in_hand(): a reader that sees the end of the batch and then
    // calls acknowledged() sees all acknowledgements of the batch.
    batch_.store(nowhere, std::memory_order_release);
  }

  /// First offset of the current batch; nullopt between two batches.
  std::optional<std::int64_t> batch_in_hand() const noexcept {
    const auto at = batch_.load(std::memory_order_acquire);
    return at == nowhere ? std::nullopt : std::optional{at};
  }

  /// The handler starts to handle this message.
  void begin(std::int64_t offset) noexcept { offset_.store(offset, std::memory_order_relaxed); }

  /// The handler has left the batch.
  void leave() noexcept { offset_.store(nowhere, std::memory_order_relaxed); }

  /// The offsets from `first` up to but not including `next` are acknowledged. A call with the same
  /// `first` as the previous call extends that range. A new range begins above the previous range.
  void done(std::int64_t first, std::int64_t next) noexcept {
    // Readers load next_ before first_. A reader of a new first_ and an old next_ gets an empty
    // range.
    if (first != first_.load(std::memory_order_relaxed))
      first_.store(first, std::memory_order_release);
    next_.store(next, std::memory_order_release);
  }

  struct range {
    std::int64_t first = 0;
    std::int64_t next = 0;
  };
  /// The contiguous range that ends with the last acknowledgement. Empty if first >= next.
  range acknowledged() const noexcept {
    const auto next = next_.load(std::memory_order_acquire);
    return {first_.load(std::memory_order_acquire), next};
  }

  /// Offset of the message that a message_handler handles; nullopt between two batches.
  std::optional<std::int64_t> message_in_hand() const noexcept {
    const auto at = offset_.load(std::memory_order_relaxed);
    return at == nowhere ? std::nullopt : std::optional{at};
  }

private:
  static constexpr std::int64_t nowhere = -1;

  std::shared_ptr<const std::atomic<bool>> worker_ends_;
  std::atomic<bool> over_ = false;
  std::atomic<std::int64_t> batch_ = nowhere;
  std::atomic<std::int64_t> offset_ = nowhere;
  std::atomic<std::int64_t> first_ = 0;
  std::atomic<std::int64_t> next_ = 0;
  /// note_detour() and has_detour() are read-modify-write operations, so the second caller sees
  /// what the first caller did before its call.
  std::atomic<std::uint8_t> detours_ = 0;
  std::int64_t left_to_next_take_ = nowhere; ///< first offset of that batch
};

} // namespace ottla::kafka
