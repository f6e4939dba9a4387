#pragma once

#include <ottla/kafka/internal/driver/librdkafka/doorbell.hpp>

#include <atomic>
#include <cstdint>

namespace ottla::kafka {

/// Derives the state of a membership from the member's requests and responses, because librdkafka
/// does not report this state. The state says whether the member is joining, whether the
/// coordinator answers heartbeats, and when the member leaves.
///
/// Thread safety: call from any thread.
class join_watch {
public:
  // -- called by librdkafka's threads

  void join_sent() noexcept {
    joining_.store(true, std::memory_order_relaxed);
    asking_.store(true, std::memory_order_relaxed);
    sent_.fetch_add(1, std::memory_order_relaxed);
  }
  void sync_sent() noexcept { asking_.store(true, std::memory_order_relaxed); }
  /// A JoinGroup or SyncGroup request was answered or failed.
  void join_answered() noexcept { asking_.store(false, std::memory_order_relaxed); }
  /// Counts every answer, including an error. A request without an answer does not count.
  void heartbeat_answered() noexcept {
    heartbeats_.fetch_add(1, std::memory_order_relaxed);
    note_cause_to_join();
  }
  /// New topics and new partitions in the metadata trigger a join.
  void metadata_answered() noexcept { note_cause_to_join(); }
  void leave_sent() { bell_.ring(); }

  // -- called by the member

  /// Rings when librdkafka sends a LeaveGroup request.
  doorbell& bell() noexcept { return bell_; }

  /// librdkafka is about to send a JoinGroup request.
  void expect() noexcept { joining_.store(true, std::memory_order_relaxed); }

  /// The member is not joining any more, for example because its assignment has arrived.
  void end() noexcept { joining_.store(false, std::memory_order_relaxed); }

  /// True from join_sent() or expect() until end().
  bool is_joining() const noexcept { return joining_.load(std::memory_order_relaxed); }

  /// Number of JoinGroup requests that were sent.
  std::uint64_t sent() const noexcept { return sent_.load(std::memory_order_relaxed); }

  /// True while a JoinGroup or SyncGroup request is pending at a broker.
  bool is_asking() const noexcept { return asking_.load(std::memory_order_relaxed); }

  /// Number of calls of heartbeat_answered(). The interceptor calls it twice for each answer.
  std::uint64_t heartbeats_answered() const noexcept {
    return heartbeats_.load(std::memory_order_relaxed);
  }

  /// Number of calls for responses that can trigger a join. The interceptor calls twice for each
  /// response: when it arrives, and when librdkafka's main thread processes it.
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
