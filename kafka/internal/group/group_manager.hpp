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
/// Rule: events change which partitions are wanted, and settle() makes the worker match. Events are
/// assignments, revokes, ends of workers and the stop. Only settle() drains, starts and forgets
/// workers, as worker_slot::next_step decides. end_worker() ends a worker that cannot drain.
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

  // -- assignments: group_manager.cpp

  void attach_to_coordinator();
  void attach_later();
  /// False while this manager attaches to the coordinator.
  bool knows_all() const noexcept { return attached_; }
  /// Notes that the assignment changes. A manager that attaches drops the change and attaches
  /// again, because the coordinator's answer may lack the change.
  void note_change() noexcept { outdated_ = !knows_all(); }
  void take_over(const attached& answer, const caf::actor& workers);
  /// Rebuilds the slots from the coordinator's answer and the living workers.
  void recognize(const attached& answer, const child_list& workers_now);
  void take_assignment(const attached& answer);
  void clear_stale_health();
  void adopt_workers(const child_list& workers_now);
  void restore_failures();
  void settle_all();
  void add(const partitions_assigned& assigned);
  void forget(const partitions_lost& lost);
  bool wants(const topic_partition& where) const;
  void tell_assigned(const state_ptr& state);

  // -- drains: group_manager_drain.cpp

  void begin_drain(const partitions_revoked& revoked);
  void flush_when_drained();
  void drain_done(std::vector<topic_partition> flushed, std::optional<revoke_number> number,
                  bool stopping);

  // -- workers: group_manager_workers.cpp

  std::string name_of(const topic_partition& where) const;
  worker_slot& slot_of(const topic_partition& where);
  /// Carries out the slot's next step. Call after each change of the slot. Changes nothing if the
  /// worker matches already.
  void settle(const std::string& name);
  void failed(const std::string& name, const std::string& why);
  void wait(const std::string& name, worker_slot& one);
  void watch(worker_slot& of, const caf::actor& worker);
  void died(const worker_died& what);
  void gone(const caf::actor_addr& worker, const std::string& why);
  /// The worker's process has ended, or its start has failed.
  void ended(const std::string& name, worker_slot& one);
  /// Makes the worker supervisor end the worker. The supervisor frees the name of a worker that
  /// hangs.
  void end_worker(worker_slot& of);
  void check_workers();
  /// Clears the worker's health and resets its back-off once the worker has recovered.
  void note_recovery(const std::string& name, worker_slot& one);
  caf::result<worker_found> find(const find_worker& request);
  /// nullopt if the worker is not known yet, or is being started or replaced.
  std::optional<worker_found> worker_of(const topic_partition& where) const;
  void answer_seekers();

  // -- starts of workers, and how their outcomes arrive: group_manager_starts.cpp

  void start(const std::string& name, worker_slot& one);
  /// Whether the start with this number is still pending.
  bool is_pending(const std::string& name, std::uint64_t start_number) const;
  struct start_outcome {
    /// Null if the worker did not start, or if the answer does not tell.
    caf::actor worker = {};
    std::string why_not = {};
    /// The worker may exist. The worker supervisor's list of children tells.
    bool may_exist = false;
  };
  static start_outcome outcome_of(const child_result& answer);
  /// Handles each outcome of a start. Ignores outcomes of earlier starts.
  void start_ended(const std::string& name, std::uint64_t start_number, const start_outcome& how);
  /// Looks for the worker among the children of the worker supervisor. If none exists, the start
  /// has failed because of `why`.
  void query_outcome(const std::string& name, const std::string& why);
  /// Asks the worker supervisor for its children if a start is pending.
  void check_pending_starts();
  /// Reads the outcome of a pending start from the worker supervisor's children.
  void take_outcome(const std::string& name, const child_list& workers_now, const std::string& why);
  void started(const std::string& name, const caf::actor& worker);
  /// Ends a starting worker whose partitions are given up, or whose handler hangs in start().
  void check_start_time(const std::string& name, worker_slot& one);
  void replace_hung_start(const std::string& name, worker_slot& one);
  void note_starting(const std::string& name, worker_slot& one);
  void clear_starting(const std::string& name, worker_slot& one);

  // -- hung workers: group_manager_hung_workers.cpp

  bool hangs(worker_slot& one);
  void replace_hung_worker(const std::string& name, worker_slot& one);

  std::chrono::nanoseconds time() { return now().time_since_epoch(); }

  /// Deadline of requests to the coordinator, the worker supervisor and the acknowledger.
  static constexpr std::chrono::seconds answer_within{5};
  /// Pauses between look-ups of the coordinator and the worker supervisor while one is missing.
  static constexpr backoff_settings siblings_away{
    .first = std::chrono::milliseconds{10}, .longest = std::chrono::seconds{1}, .at_once = 0};

  group_context_ptr group_;
  slots slots_;
  backoff absences_{siblings_away};
  /// Requests that wait for the worker of a partition.
  std::multimap<topic_partition, caf::response_promise> seekers_;
  /// Partitions that the acknowledger flushes and forgets when their workers have drained.
  std::vector<topic_partition> to_flush_;
  /// Partitions in to_flush_ that were still assigned when this process was asked to end.
  std::set<topic_partition> still_assigned_;
  /// The revoke whose drain the coordinator waits for.
  std::optional<revoke_number> unanswered_revoke_;
  std::optional<exit_reason> stop_reason_;
  bool flushing_ = false;
  bool attached_ = false;
  std::uint64_t starts_ = 0;
  /// A request of check_pending_starts() is pending.
  bool is_checking_starts_ = false;
  /// The assignment changed while this manager attached.
  bool outdated_ = false;
  /// While set, processes that end earlier in a stop leave time for the workers' drain.
  std::optional<stop_deadline::claim> needs_time_;
};

} // namespace ottla::kafka
