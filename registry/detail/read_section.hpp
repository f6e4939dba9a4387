#pragma once

#include <atomic>
#include <cstdint>

namespace ottla::detail {

/// What one thread shows of its reading to those who write. Its thread writes it at each read, so
/// it has a line of the cache to itself, and the one beside it, which processors fetch along.
struct alignas(128) reader_slot {
  /// Odd while its thread reads; never the same twice.
  std::atomic<std::uint64_t> at = 0;
  /// Somebody waits for this reader to leave.
  std::atomic<bool> wanted = false;
  /// Of a thread that lives.
  std::atomic<bool> taken = true;
  /// Without a system call that makes all threads' stores visible, each reader has to do it.
  bool fenced = false;
  reader_slot* next = nullptr;

  /// Of this thread; null before its first read. (The one place of thread-local state.)
  static inline constinit thread_local reader_slot* mine = nullptr;
  static reader_slot& take();
};

/// While one is open in a thread, nothing that the thread may have found in a table is freed, see
/// limbo. Sections may be nested; the outermost counts. No lock, no atomic exchange, and after a
/// thread's first no allocation: two stores into a line of the thread's own.
///
/// Not for long: what is taken out of tables meanwhile waits. Whoever leaves last frees it, after
/// the section's end.
class read_section {
public:
  read_section() noexcept
    : slot_{reader_slot::mine != nullptr ? *reader_slot::mine : reader_slot::take()},
      at_{slot_.at.load(std::memory_order_relaxed)} {
    if (is_nested())
      return;
    slot_.at.store(at_ + 1, std::memory_order_relaxed);
    order();
  }

  ~read_section() {
    if (is_nested())
      return;
    slot_.at.store(at_ + 2, std::memory_order_release);
    order();
    if (slot_.wanted.load(std::memory_order_relaxed)) [[unlikely]]
      leave();
  }

  read_section(const read_section&) = delete;
  read_section& operator=(const read_section&) = delete;

  /// Whether this thread is in one.
  static bool is_open() noexcept {
    const auto* slot = reader_slot::mine;
    return slot != nullptr && (slot->at.load(std::memory_order_relaxed) & 1) != 0;
  }

private:
  bool is_nested() const noexcept { return (at_ & 1) != 0; }

  /// What follows is not done before what is above is seen by a writer; see limbo.cpp.
  void order() const noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (slot_.fenced) [[unlikely]]
      fence();
  }

  static void fence() noexcept;
  void leave() noexcept;

  reader_slot& slot_;
  std::uint64_t at_;
};

} // namespace ottla::detail
