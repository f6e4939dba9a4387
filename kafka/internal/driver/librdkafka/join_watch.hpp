#pragma once

#include <ottla/kafka/internal/driver/librdkafka/doorbell.hpp>

#include <atomic>
#include <cstdint>

namespace ottla::kafka {

/// Derives from a member's requests what librdkafka does not report about the membership: whether
/// the member is joining, whether the coordinator answers its heartbeats, and when it leaves.
///
/// Thread safety: call from any thread.
class join_watch {
public:
  // -- from the threads that send requests

  void join_sent() noexcept {
    joining_.store(true, std::memory_order_relaxed);
    asking_.store(true, std::memory_order_relaxed);
    sent_.fetch_add(1, std::memory_order_relaxed);
  }
  void sync_sent() noexcept { asking_.store(true, std::memory_order_relaxed); }
  /// A request to join or to sync was answered, or failed.
  void join_answered() noexcept { asking_.store(false, std::memory_order_relaxed); }
  /// Whatever the answer says. A request without an answer does not count.
  void heartbeat_answered() noexcept {
    heartbeats_.fetch_add(1, std::memory_order_relaxed);
    note_cause_to_join();
  }
  /// A new topic or new partitions trigger a join.
  void metadata_answered() noexcept { note_cause_to_join(); }
  void leave_sent() { bell_.ring(); }

  // -- from the member

  /// Rings when the member has left.
  doorbell& bell() noexcept { return bell_; }

  /// librdkafka is about to send a request to join.
  void expect() noexcept { joining_.store(true, std::memory_order_relaxed); }

  /// The member is not joining any more, for example because its assignment has arrived.
  void end() noexcept { joining_.store(false, std::memory_order_relaxed); }

  /// The member has asked to join, or is about to, and its assignment has not arrived yet.
  bool is_joining() const noexcept { return joining_.load(std::memory_order_relaxed); }

  /// Number of requests to join that were sent so far.
  std::uint64_t sent() const noexcept { return sent_.load(std::memory_order_relaxed); }

  /// The member's request to join, or to sync, is pending at a broker.
  bool is_asking() const noexcept { return asking_.load(std::memory_order_relaxed); }

  /// Number of heartbeats that the group's coordinator has answered so far.
  std::uint64_t heartbeats_answered() const noexcept {
    return heartbeats_.load(std::memory_order_relaxed);
  }

  /// Number of responses so far that can trigger a join.
  std::uint64_t causes_to_join() const noexcept { return causes_.load(std::memory_order_relaxed); }

private:
  void note_cause_to_join() noexcept { causes_.fetch_add(1, std::memory_order_relaxed); }

  doorbell bell_;
  std::atomic<bool> joining_ = false;
  std::atomic<bool> asking_ = false;
  std::atomic<std::uint64_t> sent_ = 0;
  std::atomic<std::uint64_t> heartbeats_ = 0;
  std::atomic<std::uint64_t> causes_ = 0;
};

} // namespace ottla::kafka
