#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/group/group_context.hpp>
#include <ottla/kafka/group/messages.hpp>
#include <ottla/supervision/backoff.hpp>

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ottla::kafka {

/// Sees to it that each assigned partition has one worker: starts them, replaces the dead, drains
/// them when partitions are wanted back. Nobody else starts workers. What it knows can all be asked
/// for again: from the coordinator the partitions, from the worker supervisor the workers. So its
/// own crash disturbs nobody. (Elsa.Group.Manager with Elsa's and Kaffe's WorkerManager.)
class group_manager : public process {
public:
  group_manager(caf::actor_config& config, process_context context, group_context_ptr group);

private:
  struct slot {
    record_ptr record;
    caf::actor worker = {};
    backoff restarts;
    bool starting = false;
  };

  struct draining_worker {
    topic_partition where;
    caf::actor worker;
  };

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  void attach_to_coordinator();
  /// False: not yet, and what is on its way is out of date.
  bool knows_all();
  void take_over(const attached& state, const caf::actor& workers);
  void add(const record_ptr& record);
  void start(const topic_partition& where);
  void adopt(const topic_partition& where, const caf::actor& workers);
  void started(const topic_partition& where, const caf::actor& worker);
  void failed(const topic_partition& where);
  void watch(slot& of, const caf::actor& worker);
  void worker_down(const caf::down_msg& down);
  void begin_drain(const partitions_revoked& revoked);
  void forget(const partitions_lost& lost);
  void end_worker(const caf::actor& worker);
  void drain_worker(const topic_partition& where);
  void flush_when_drained();
  void drain_done();
  std::chrono::nanoseconds time() { return now().time_since_epoch(); }

  group_context_ptr group_;
  std::map<topic_partition, slot> slots_;
  /// Told to finish, not gone yet. A worker that was still starting joins when it is up.
  std::map<caf::actor_id, draining_worker> draining_;
  std::set<topic_partition> starts_to_drain_;
  /// Of which the acknowledger is to keep nothing, once it was flushed.
  std::vector<topic_partition> drained_;
  std::optional<kafka::round> drain_round_;
  std::optional<exit_reason> stop_reason_;
  bool flushing_ = false;
  bool attached_ = false;
  /// Something changed while this was attaching.
  bool outdated_ = false;
};

} // namespace ottla::kafka
