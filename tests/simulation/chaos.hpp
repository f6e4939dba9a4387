#pragma once

#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/supervision/process_event.hpp>

#include "member.hpp"
#include "producing_caller.hpp"
#include "support/tree.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ottla::kafka::simulation {

/// Injects random faults into a running tree and its cluster, until the scene is calm.
class chaos {
public:
  chaos(simulated_cluster& of, ottla::test::stage& on, caf::actor root);

  void begin();
  /// Repairs everything: ends outages, resumes stalled processes, starts stopped members.
  void end();
  /// Compares the answers to the calls of kafka::producer with the log.
  void check_calls() const { callers_.check(); }
  /// Starts the members that are down. Skips members that are still stopping, so call this function
  /// repeatedly.
  void start_all();
  /// Kills the worker of each partition with unacknowledged messages, because only a new lease is
  /// certain to resume such a partition.
  void free_what_waits();

  /// An event of the tree.
  void heard(const process_event& event);
  /// Members that have answered abort_group, and whose connection has not restarted since.
  std::vector<std::size_t> aborted() const;
  /// Whether the member was asked to abort and was not started again. An abort commits nothing.
  bool was_aborted(std::size_t member) const { return asked_to_abort_.contains(member); }
  /// Lets a process of the member that calls hooks hang until end_silences(). Returns the process.
  caf::actor silence(std::size_t member);
  void end_silences();

private:
  void every(int rate_ms, std::function<void()> what);
  std::size_t some_member() { return on_.random.below(on_.how.members); }
  topic_partition some_partition() { return on_.random.one_of(of_.partitions()); }
  caf::actor named(std::size_t member, const std::string& name) const;
  /// Without a group, the name of a process of one of the member's consumers.
  std::string scoped(const std::string& name) const;
  std::string worker_of(const topic_partition& which) const;
  void kill_named(std::size_t member, const std::string& name);
  void kill_some();
  void kill_somebody_in_the_tree();
  void stall(const caf::actor& whom, moment how_long);
  void stall_some();
  void stop_some();
  void stop(std::size_t member);
  void start_again(std::size_t member);
  void produce_some();
  /// A program's actor calls the producer of a member.
  void call_some();
  std::vector<std::string> some_values();
  void outage();
  void cut_off_some();
  void abort_some();

  simulated_cluster& of_;
  scene& on_;
  ottla::test::stage& stage_;
  caf::actor root_;
  std::vector<bool> stopped_;
  std::uint64_t last_record_ = 0;
  std::vector<producer> producers_;
  producing_callers callers_;
  std::map<caf::actor_id, caf::actor> stalled_;
  /// Requests to abort, by member, until the connection restarts.
  std::map<std::size_t, std::shared_ptr<const ottla::test::inquiry<group_aborted>>> aborts_;
  /// Members that may be out until their connection restarts.
  std::set<std::size_t> to_restart_;
  std::set<std::size_t> asked_to_abort_;
};

} // namespace ottla::kafka::simulation
