#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/kafka/group/messages.hpp>
#include <ottla/kafka/group/worker_recovery.hpp>
#include <ottla/supervision/backoff.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// One worker as its manager sees it: the partitions it should have, and those that the running one
/// has. Where the two differ the running one has to end before another starts, as its partitions
/// stay the same while it lives.
struct worker_slot {
  enum class state : std::uint8_t {
    none,
    starting,
    up,
    /// Asked to end, which it does when the batch in hand is handled, or the message in hand where
    /// the handler takes them one by one.
    draining,
    /// It hangs, or its leases are over: its supervisor ends it.
    ending,
  };

  explicit worker_slot(const backoff_settings& settings) : restarts{settings} {}

  std::map<topic_partition, record_ptr> wanted;
  /// What the process, if any, was started with.
  std::vector<record_ptr> running;
  /// Null while it starts, until the manager has looked at the workers.
  caf::actor worker = {};
  state is = state::none;
  backoff restarts;
  worker_recovery recovery;
  /// The partition that ended the last worker: it was handling a batch of it, or the client
  /// reported a failure of it. The replacement starts with the other partitions, so that a
  /// partition that ends every worker does not block them.
  std::optional<topic_partition> failed_at;
  /// When it may be started: not before a rebalance has calmed down, or its back-off is over.
  std::chrono::nanoseconds not_before{};
  /// It waits for that.
  bool put_off = false;

  /// Tells a start from earlier ones, whose answers may come late.
  std::uint64_t start_number = 0;
  /// The worker supervisor answers this manager when the start is over.
  bool is_answered = false;
  /// Since when the handler's start() was seen running.
  std::optional<std::chrono::nanoseconds> in_start_since;
  /// Health says that the worker starts.
  bool says_starting = false;

  /// What a worker was seen with: number of the assignment, number of the batch, and offset of the
  /// message where the handler takes them one by one.
  struct work {
    std::uint64_t assignment = 0;
    std::uint64_t batch = 0;
    std::int64_t message = -1;

    bool operator==(const work&) const = default;
  };
  work work_seen{};
  std::chrono::nanoseconds seen_since{};

  /// The process has what it should.
  bool is_up_to_date() const {
    return !wanted.empty() && running.size() == wanted.size()
           && std::ranges::all_of(running, [this](const record_ptr& one) {
                const auto found = wanted.find(one->where());
                return found != wanted.end() && found->second == one;
              });
  }

  void note_failed_partition() {
    for (const auto& record : running)
      if (record->in_hand() || record->has_failed())
        failed_at = record->where();
  }

  /// Index in `running` of the partition that a new worker handles first: the one after
  /// `failed_at`, or the first.
  std::size_t first_turn() const {
    if (!failed_at)
      return 0;
    const auto next = std::ranges::find_if(
      running, [this](const record_ptr& one) { return one->where() > *failed_at; });
    return next == running.end() ? 0 : static_cast<std::size_t>(next - running.begin());
  }

  static std::vector<worker_recovery::partition_state> states(const std::vector<record_ptr>& of) {
    std::vector<worker_recovery::partition_state> all;
    for (const auto& record : of) {
      const auto now = record->look();
      all.push_back({record->number(), now.acknowledged, now.batches, now.in_hand.has_value()});
    }
    return all;
  }

  std::vector<record_ptr> wanted_records() const {
    std::vector<record_ptr> all;
    for (const auto& [where, record] : wanted)
      all.push_back(record);
    return all;
  }
};

} // namespace ottla::kafka
