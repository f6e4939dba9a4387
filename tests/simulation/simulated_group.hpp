#pragma once

#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include "clockwork.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka::simulation {

class membership;
class simulated_cluster;
struct scene;

/// The broker's side of a consumer group: members, generations, the barrier at which all members
/// rejoin, the assignment of partitions, and the committed offsets.
class simulated_group {
public:
  using member_id = std::uint64_t; ///< 0 means no member

  enum class health { fine, rebalancing, unknown };

  explicit simulated_group(simulated_cluster& of);

  /// Starts the periodic eviction of silent members.
  void begin();

  /// `claims` are the partitions that a cooperative member keeps. membership::sync gets the answer
  /// when all members have joined.
  member_id join(const std::shared_ptr<membership>& who, member_id known,
                 const std::set<topic_partition>& claims);
  void leave(member_id who);
  health hear(member_id who);
  /// Makes all members rejoin.
  void rebalance(const std::string& why);

  /// nullopt if the offsets were stored.
  std::optional<error> commit(member_id who, std::int32_t generation,
                              std::span<const position> next);
  std::optional<std::int64_t> committed(const topic_partition& of) const;
  bool has_committed(const std::string& topic) const;
  /// Stores an offset of an earlier group with this name. Call before the first member joins.
  void commit_before(const topic_partition& of, std::int64_t next) { committed_[of] = next; }

  bool is_stable() const noexcept { return !joining_; }
  bool knows(member_id who) const { return seats_.contains(who); }

private:
  struct seat {
    std::weak_ptr<membership> who;
    std::set<topic_partition> claims;
    moment heard{};
    bool joined = false;
  };
  using shares = std::map<member_id, std::set<topic_partition>>;

  void complete_soon();
  void complete();
  void drop_silent();
  shares deal() const;
  /// The new owner of a partition that no member keeps.
  member_id taker_of(const shares& so_far, std::size_t quota) const;

  simulated_cluster& of_;
  scene& on_;
  std::map<member_id, seat> seats_;
  std::map<topic_partition, std::int64_t> committed_;
  member_id last_id_ = 0;
  std::int32_t generation_ = 0;
  std::uint64_t round_ = 0;
  bool joining_ = false;
};

} // namespace ottla::kafka::simulation
