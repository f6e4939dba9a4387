#pragma once

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

/// Limits the memory that each partition of a consumer fills with fetched messages that no worker
/// has taken. Partitions with a backlog borrow memory from quiet partitions. One partition may hold
/// twice the unused memory, so the last third stays free for partitions that become busy. Network
/// switches share their buffers in the same way: Choudhury and Hahne, dynamic queue thresholds,
/// 1998.
///
/// fetch_pool holds up a partition that exceeds its allowance. Each partition that has messages or
/// is held up also reserves `reserve` bytes, which the driver may still fetch for this partition.
class prefetch_limit {
public:
  /// State of one partition.
  struct load {
    std::size_t bytes = 0;
    bool held_up = false;

    bool is_active() const noexcept { return bytes > 0 || held_up; }
  };

  struct limits {
    /// Bytes for all partitions together.
    std::size_t total = 0;
    std::size_t reserve = 0;
    /// Bytes that each partition may always hold.
    std::size_t least = 0;
  };

  explicit constexpr prefetch_limit(limits most) noexcept : most_{most} {}

  constexpr void add(load& to, std::size_t bytes) noexcept {
    change(to, [&] { to.bytes += bytes; });
    bytes_ += bytes;
  }

  constexpr void remove(load& from, std::size_t bytes) noexcept {
    change(from, [&] { from.bytes -= bytes; });
    bytes_ -= bytes;
  }

  constexpr void hold_up(load& which) noexcept {
    change(which, [&] { which.held_up = true; });
  }

  constexpr void let_flow(load& which) noexcept {
    change(which, [&] { which.held_up = false; });
  }

  /// Sets limits::total.
  constexpr void set_total(std::size_t bytes) noexcept { most_.total = bytes; }

  /// Bytes that are held, plus bytes that are reserved.
  constexpr std::size_t used() const noexcept { return bytes_ + active_ * most_.reserve; }

  /// Bytes that one partition may hold now.
  constexpr std::size_t allowance() const noexcept {
    const auto free = most_.total - std::min(used(), most_.total);
    return std::max(most_.least, 2 * free);
  }

  constexpr bool is_too_much(const load& of) const noexcept { return of.bytes > allowance(); }

  /// A partition that is held up resumes once it holds at most half of its allowance. With the
  /// full allowance as the limit, the partition would be held up again after each batch.
  constexpr bool is_little(const load& of) const noexcept { return of.bytes <= allowance() / 2; }

private:
  template <class Change>
  constexpr void change(const load& of, Change make) noexcept {
    active_ -= of.is_active() ? 1 : 0;
    make();
    active_ += of.is_active() ? 1 : 0;
  }

  limits most_;
  std::size_t bytes_ = 0;
  std::size_t active_ = 0;
};

} // namespace ottla::kafka
