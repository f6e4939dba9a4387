#pragma once

#include <atomic>
#include <cstdint>

namespace ottla::detail {

/// Shows writers whether one thread reads. The thread writes its slot at each read, so each slot
/// has its own cache line and the adjacent line, which processors prefetch.
struct alignas(128) reader_slot {
  /// A counter that is odd while the thread reads.
  std::atomic<std::uint64_t> at = 0;
  /// Whether a bundle waits for this reader to leave.
  std::atomic<bool> wanted = false;
  /// Whether a living thread uses this slot.
  std::atomic<bool> taken = true;
  /// Whether each reader executes the full barrier itself, because membarrier is not available.
  bool fenced = false;
  reader_slot* next = nullptr;

  /// The slot of this thread; null before the thread's first read. limbo.cpp has a thread-local
  /// object that releases the slot when the thread ends.
  static inline constinit thread_local reader_slot* mine = nullptr;
  static reader_slot& take();
};

/// The scope of a read without a lock. While the section is open, none of the objects that the
/// thread finds in a table is freed. Sections may be nested, and the outermost section counts. A
/// section takes no lock, and costs two stores into a cache line of the thread. Only the first
/// section of a thread allocates.
///
/// Keep sections short, since removed objects wait for the end of all sections that may use them.
/// The last of these readers to leave frees the objects.
class read_section {
public:
  read_section() noexcept
    : slot_{reader_slot::mine != nullptr ? *reader_slot::mine : reader_slot::take()},
      count_{slot_.at.load(std::memory_order_relaxed)} {
    if (is_nested())
      return;
    slot_.at.store(count_ + 1, std::memory_order_relaxed);
    order();
  }

  ~read_section() {
    if (is_nested())
      return;
    slot_.at.store(count_ + 2, std::memory_order_release);
    order();
    if (slot_.wanted.load(std::memory_order_relaxed)) [[unlikely]]
      leave();
  }

  read_section(const read_section&) = delete;
  read_section& operator=(const read_section&) = delete;

  /// Whether this thread is in a section.
  static bool is_open() noexcept {
    const auto* slot = reader_slot::mine;
    return slot != nullptr && (slot->at.load(std::memory_order_relaxed) & 1) != 0;
  }

private:
  bool is_nested() const noexcept { return (count_ & 1) != 0; }

  /// Prevents the loads after this call from moving before the earlier store, see limbo.cpp.
  void order() const noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (slot_.fenced) [[unlikely]]
      fence();
  }

  static void fence() noexcept;
  void leave() noexcept;

  reader_slot& slot_;
  std::uint64_t count_;
};

} // namespace ottla::detail
