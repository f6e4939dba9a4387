#pragma once

#include <atomic>
#include <cstdint>

namespace ottla::detail {

/// Shows writers whether one thread reads. The thread writes its slot at each read. So the slot has
/// a cache line of its own, and the line beside it, which processors prefetch.
struct alignas(128) reader_slot {
  /// Odd while its thread reads; never the same twice.
  std::atomic<std::uint64_t> at = 0;
  /// A bundle waits for this reader to leave.
  std::atomic<bool> wanted = false;
  /// A living thread uses this slot.
  std::atomic<bool> taken = true;
  /// There is no membarrier: each reader executes the full barrier itself.
  bool fenced = false;
  reader_slot* next = nullptr;

  /// The slot of this thread; null before its first read. The one place of thread-local state.
  static inline constinit thread_local reader_slot* mine = nullptr;
  static reader_slot& take();
};

/// While a section is open in a thread, nothing that the thread may have found in a table is freed,
/// see limbo. Sections may be nested; the outermost counts. A section takes no lock and does no
/// atomic exchange. After a thread's first section it allocates nothing: it costs two stores into a
/// cache line of the thread.
///
/// Keep sections short: objects removed from tables meanwhile wait. The reader that leaves last
/// frees them, after its section's end.
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

  /// Orders the store before it against the loads after it, as writers see them; see limbo.cpp.
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
