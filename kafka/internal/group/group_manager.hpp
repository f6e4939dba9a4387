#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>
#include <ottla/kafka/internal/group/worker_slot.hpp>
#include <ottla/supervision/internal/stop_deadline.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ottla {
struct child_list;
struct child_result;
} // namespace ottla

namespace ottla::kafka {

/// Gives each assigned partition one worker. Starts workers, replaces workers that died or hang,
/// drains workers when partitions are revoked, and calls the program's hooks. No other process
/// starts workers.
///
/// Rule: events change which partitions are wanted, and settle() makes the worker match. Only
/// settle() drains, starts and forgets workers, as worker_slot::next_step decides. end_worker()
/// ends a worker that cannot drain.
///
///   event                    effect on the slots                               function
///   partitions are assigned  `wanted` grows                                    add_assigned
///   partitions are revoked   `wanted` shrinks; a flush follows the drain       drain_revoked
///   partitions are lost      `wanted` shrinks; the workers are ended           drop_lost
///   a worker has started     the slot has a process                            worker_up
///   a start has failed       the slot is empty; a back-off may delay a start   handle_outcome
///   a worker has ended       the slot is empty; a back-off may delay a start   worker_down
///   a handler hangs          the leases end; the worker is ended               replace_hung_worker
///   this process must end    every `wanted` is cleared; a flush follows        shutdown
///
/// A new manager gets the partitions from the coordinator and the workers from the worker
/// supervisor, so a crash of the manager disturbs no other process. The models are
/// Elsa.Group.Manager, and the WorkerManager of Elsa and of Kaffe.
class group_manager : public process {
public:
  group_manager(caf::actor_config& config, process_context context, group_context_ptr group);

private:
  using slots = std::map<std::string, worker_slot>;

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  // -- events: group_manager.cpp

  void add_assigned(const partitions_assigned& assigned);
  void drain_revoked(const partitions_revoked& revoked);
  void drop_lost(const partitions_lost& lost);
  /// Waits until the worker's handler is destroyed, then calls worker_gone().
  void worker_down(const caf::actor_addr& worker, const std::string& why);
  void worker_gone(const caf::actor_addr& worker, const std::string& why);
  /// Sets the back-off and the worker's health after an unexpected end or a failed start.
  void count_failure(const std::string& name, worker_slot& slot, const std::string& why);
  /// Call when the slot's process has ended, or its start has failed. May erase the slot.
  void empty_slot(const std::string& name, worker_slot& slot);

  // -- the steps that follow from events: group_manager.cpp

  /// Carries out the slot's next step. Call after each change of the slot. Changes nothing if the
  /// worker matches already.
  void settle(const std::string& name);
  void settle_all();
  void set_start_timer(const std::string& name, worker_slot& slot);
  void watch(worker_slot& slot, const caf::actor& worker);
  /// Makes the worker supervisor end the worker. The supervisor frees the name of a worker that
  /// hangs.
  void end_worker(worker_slot& slot);
  /// Clears the worker's health and resets its back-off once the worker has recovered.
  void note_recovery(const std::string& name, worker_slot& slot);

  // -- names of slots: group_manager.cpp

  std::string name_of(const topic_partition& where) const;
  worker_slot& slot_of(const topic_partition& where);
  bool wants(const topic_partition& where) const;

  // -- the end of a drain: group_manager_drain.cpp

  void flush_when_drained();
  void drain_done(std::vector<topic_partition> flushed, std::optional<revoke_number> number,
                  bool stopping);

  // -- start of this process, and recovery after its crash: group_manager_attach.cpp

  void attach_to_coordinator();
  void attach_later();
  void query_workers(const attached& answer, const caf::actor& workers);
  /// Builds the slots from the coordinator's answer and the living workers.
  void rebuild_slots(const attached& answer, const child_list& workers_now);
  void take_assignment(const attached& answer);
  void clear_stale_health();
  void adopt_workers(const child_list& workers_now);
  void restore_failures();

  // -- starts of workers, and how their outcomes arrive: group_manager_starts.cpp

  void start_worker(const std::string& name, worker_slot& slot);
  /// Whether the start with this number is still pending.
  bool is_pending(const std::string& name, std::uint64_t start_number) const;
  struct start_outcome {
    /// Null if the worker did not start, or if the answer does not tell.
    caf::actor worker = {};
    std::string why_not = {};
    /// The worker may exist nevertheless. The worker supervisor's list of children shows whether it
    /// does.
    bool may_exist = false;
  };
  static start_outcome outcome_of(const child_result& answer);
  /// Handles each outcome of a start. Ignores outcomes of earlier starts.
  void handle_outcome(const std::string& name, std::uint64_t start_number,
                      const start_outcome& how);
  /// Looks for the worker among the children of the worker supervisor. If none exists, the start
  /// has failed because of `why`.
  void query_outcome(const std::string& name, const std::string& why);
  /// Asks the worker supervisor for its children if a start is pending.
  void check_pending_starts();
  /// Reads the outcome of a pending start from the worker supervisor's children.
  void take_outcome(const std::string& name, const child_list& workers_now, const std::string& why);
  void worker_up(const std::string& name, const caf::actor& worker);
  /// Ends a starting worker whose partitions are given up, or whose handler hangs in start().
  void check_start_time(const std::string& name, worker_slot& slot);
  void replace_hung_start(const std::string& name, worker_slot& slot);
  void note_starting(const std::string& name, worker_slot& slot);
  void clear_starting(const std::string& name, worker_slot& slot);

  // -- checks of the workers, once a second: group_manager_hung_workers.cpp

  void check_workers();
  /// Whether a worker that has handled the same message or batch since `since` hangs.
  bool is_overdue(const worker_slot& slot, std::chrono::nanoseconds since);
  void replace_hung_worker(const std::string& name, worker_slot& slot);

  // -- answers to find_worker: group_manager_lookup.cpp

  caf::result<worker_found> answer_or_wait(const find_worker& request);
  /// nullopt if the worker is not known yet, or is being started or replaced.
  std::optional<worker_found> worker_of(const topic_partition& where) const;
  void answer_seekers();
  /// Fails requests that have waited too long.
  void expire_seekers();

  /// Whether this manager can apply a change of the assignment. While the manager attaches, it
  /// drops each change and attaches again, because the coordinator's answer may lack the change.
  bool accepts_change() noexcept {
    changed_while_attaching_ = !attached_;
    return attached_;
  }
  std::chrono::nanoseconds time() { return now().time_since_epoch(); }

  /// Deadline of requests to the coordinator, the worker supervisor and the acknowledger.
  /// start_child and terminate_child have no deadline.
  static constexpr std::chrono::seconds answer_within{5};
  /// Pauses between look-ups of the coordinator and the worker supervisor while one is missing or
  /// does not answer.
  static constexpr backoff_settings lookup_pauses{
    .first = std::chrono::milliseconds{10}, .longest = std::chrono::seconds{1}, .at_once = 0};

  group_context_ptr group_;
  slots slots_;
  backoff lookup_backoff_{lookup_pauses};
  /// A find_worker that waits for its worker.
  struct seeker {
    caf::response_promise promise;
    std::chrono::nanoseconds since{};
  };
  /// By partition.
  std::multimap<topic_partition, seeker> seekers_;
  /// Partitions that the acknowledger flushes and forgets when their workers have drained.
  std::vector<topic_partition> to_flush_;
  /// Partitions in to_flush_ that were still assigned when this process was asked to end.
  std::set<topic_partition> still_assigned_;
  /// The revoke whose drain the coordinator waits for.
  std::optional<revoke_number> unanswered_revoke_;
  std::optional<exit_reason> stop_reason_;
  bool flushing_ = false;
  /// The slots show the assignment and the living workers.
  bool attached_ = false;
  /// The assignment changed while this manager attached.
  bool changed_while_attaching_ = false;
  /// Number of the last start of a worker.
  std::uint64_t last_start_ = 0;
  /// A request of check_pending_starts() is pending.
  bool is_checking_starts_ = false;
  /// While set, processes that end earlier in a stop leave time for the workers' drain.
  std::optional<stop_deadline::claim> needs_time_;
};

} // namespace ottla::kafka
