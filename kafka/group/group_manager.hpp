#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/group/group_context.hpp>
#include <ottla/kafka/group/messages.hpp>
#include <ottla/kafka/group/worker_slot.hpp>
#include <ottla/kafka/group_requests.hpp>
#include <ottla/supervision/detail/stop_deadline.hpp>

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
}

namespace ottla::kafka {

/// Sees to it that each assigned partition has one worker: starts them, replaces the dead and those
/// that hang, drains them when partitions are wanted back; tells the program's hooks. Nobody else
/// starts workers. What it knows can all be asked for again: from the coordinator the partitions,
/// from the worker supervisor the workers. So its own crash disturbs nobody. (Elsa.Group.Manager
/// with Elsa's and Kaffe's WorkerManager.)
class group_manager : public process {
public:
  group_manager(caf::actor_config& config, process_context context, group_context_ptr group);

private:
  using slots = std::map<std::string, worker_slot>;

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  // -- what is assigned: group_manager.cpp

  void attach_to_coordinator();
  void attach_later();
  /// False: not yet, and what is on its way is out of date.
  bool knows_all();
  void take_over(const attached& state, const caf::actor& workers);
  void recognize(const attached& state, const child_list& running);
  void add(const partitions_assigned& assigned);
  void begin_drain(const partitions_revoked& revoked);
  void forget(const partitions_lost& lost);
  /// In a stop: how long the workers have.
  std::chrono::nanoseconds drain_within();
  void flush_when_drained();
  bool wants(const topic_partition& where) const;
  void drain_done(std::vector<topic_partition> flushed, std::optional<kafka::round> round,
                  bool stopping);
  void tell_assigned(const record_ptr& record);

  // -- the workers: worker_manager.cpp

  std::string name_of(const topic_partition& where) const;
  worker_slot& slot_of(const topic_partition& where);
  /// Does what the slot needs next; one that needs nothing any more goes.
  void settle(const std::string& name);
  void start(const std::string& name);
  /// That start of that worker is not over yet.
  bool awaits(const std::string& name, std::uint64_t start_number) const;
  /// `why` it did not start, unless it did.
  void adopt(const std::string& name, const caf::actor& workers, const std::string& why);
  void started(const std::string& name, const caf::actor& worker);
  void failed(const std::string& name, const std::string& why);
  void wait(const std::string& name, worker_slot& one);
  void watch(worker_slot& of, const caf::actor& worker);
  void gone(const caf::actor_addr& worker, const std::string& why);
  /// By its supervisor: it ends by itself, or it hangs, and its name is taken from it in the end.
  void end_worker(worker_slot& of);
  void look_after_workers();

  // -- workers whose handlers are in start(): worker_starts.cpp

  /// Notes that a worker starts. `is_answered`: this manager gets the worker supervisor's answer.
  /// Otherwise an earlier manager gets it, and this one looks at the supervisor's children.
  void begin_start(worker_slot& of, bool is_answered);
  void note_starting(const std::string& name, worker_slot& one);
  void clear_starting(const std::string& name, worker_slot& one);
  /// Asks the worker supervisor for the workers that start.
  void look_after_starts();
  void look_at_start(const std::string& name, const child_list& running, const std::string& why);
  void give_up_start(const std::string& name, worker_slot& one);

  /// Clears health and back-off once the worker is healthy again.
  void note_recovery(const std::string& name, worker_slot& one);
  bool hangs(worker_slot& one);
  void give_up_waiting(const std::string& name, worker_slot& one);
  caf::result<worker_found> find(const find_worker& request);
  /// Nothing: it is not known yet, or is being started or replaced.
  std::optional<worker_found> worker_of(const topic_partition& where) const;
  void answer_seekers();
  std::chrono::nanoseconds time() { return now().time_since_epoch(); }

  /// Between two looks for the coordinator or the worker supervisor, while one of them is away.
  static constexpr backoff_settings siblings_away{
    .first = std::chrono::milliseconds{10}, .longest = std::chrono::seconds{1}, .at_once = 0};

  group_context_ptr group_;
  slots slots_;
  backoff absences_{siblings_away};
  /// Who waits for the worker of that partition.
  std::multimap<topic_partition, caf::response_promise> seekers_;
  /// Of which the acknowledger is to keep nothing, once it was flushed.
  std::vector<topic_partition> drained_;
  /// Of those, when this process is to end, what goes on without it.
  std::set<topic_partition> still_assigned_;
  std::optional<kafka::round> drain_round_;
  std::optional<exit_reason> stop_reason_;
  bool flushing_ = false;
  bool attached_ = false;
  std::uint64_t starts_ = 0;
  /// The worker supervisor has not answered which workers start.
  bool is_looking_after_starts_ = false;
  /// Something changed while this was attaching.
  bool outdated_ = false;
  /// Lets the processes that end before leave time for the workers.
  std::optional<stop_deadline::claim> needs_time_;
};

} // namespace ottla::kafka
