#pragma once

#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include "scene.hpp"
#include "simulated_group.hpp"
#include "simulated_log.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ottla::kafka::simulation {

class fetch_state;
class membership;

/// The brokers: logs that grow, shrink and lose records, and one consumer group.
class simulated_cluster {
public:
  explicit simulated_cluster(scene& on);

  /// With foreign_commits, creates the records and commits that exist before the first member
  /// joins.
  void begin();

  scene& on() noexcept { return on_; }
  simulated_group& group() noexcept { return group_; }
  const simulated_group& group() const noexcept { return group_; }

  // -- logs

  simulated_log& log(const topic_partition& of) { return logs_.at(of); }
  const std::map<topic_partition, simulated_log>& logs() const noexcept { return logs_; }
  std::vector<topic_partition> partitions() const;
  std::vector<std::string> topics() const;
  std::vector<topic_info> describe(const std::vector<std::string>& topics) const;

  void append(const topic_partition& to, std::size_t count);
  /// Retention: moves the beginning of the log up to a random offset.
  void age(const topic_partition& which);
  void compact(const topic_partition& which);
  void truncate(const topic_partition& which);
  void grow();
  /// Begins a transaction, and ends it after `how_long`, unless the scene has become calm.
  void begin_transaction(const topic_partition& in, moment how_long);
  void end_transaction(const topic_partition& in);
  /// Appends offsets without records.
  void end_with_marker(const topic_partition& which);

  // -- reachability

  void set_outage(bool on) { outage_ = on; }
  void cut_off(std::size_t member, bool on);
  /// Moves the group's coordinator to another address. An open handle keeps the old address.
  void move_coordinator() { ++address_; }
  std::size_t coordinator_address() const noexcept { return address_; }
  bool reachable(std::size_t member) const { return !outage_ && !cut_off_.contains(member); }

  // -- open consumers

  void opened(std::size_t member, const std::shared_ptr<membership>& of_member) {
    memberships_[member] = of_member;
  }
  /// The membership of the last consumer that this member opened. Null if that consumer was
  /// destroyed.
  std::shared_ptr<membership> membership_of(std::size_t member) const {
    const auto found = memberships_.find(member);
    return found == memberships_.end() ? nullptr : found->second.lock();
  }

  // -- watchers of new records

  /// Refuses the next fetch of the partition. Returns the member that fetches the partition.
  std::optional<std::size_t> refuse_fetch(const topic_partition& which);

  void watch(const topic_partition& what, const std::shared_ptr<fetch_state>& who);

private:
  void tell_watchers(const topic_partition& of);

  scene& on_;
  std::map<topic_partition, simulated_log> logs_;
  std::map<topic_partition, std::vector<std::weak_ptr<fetch_state>>> watchers_;
  std::map<std::size_t, std::weak_ptr<membership>> memberships_;
  std::uint64_t last_serial_ = 0;
  bool outage_ = false;
  std::size_t address_ = 0;
  std::set<std::size_t> cut_off_;
  simulated_group group_;
};

} // namespace ottla::kafka::simulation
