#pragma once

#include <ottla/kafka/health.hpp>

#include "chaos.hpp"
#include "start_order.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka::simulation {

/// One simulated life: a cluster and a group of several members in one tree, in virtual time. In
/// the first phase, the faults that the seed has drawn happen. In the second phase, no faults
/// happen, and the tree must recover and commit every message. In the third phase, the tree stops,
/// and no process, handle or name may remain. With conditions::sudden_stop, the stop comes while
/// faults still happen.
class life {
public:
  life(std::uint64_t seed, trace::wanted what);
  ~life();

  /// The first invariant that did not hold. nullopt if all held.
  std::optional<finding> run();

  std::uint64_t digest() const noexcept { return scene_.log.digest(); }
  /// Virtual time that the life took.
  moment took() const noexcept { return took_; }
  /// Number of actors' turns.
  std::uint64_t turns() const noexcept { return scene_.turns; }

private:
  void start();
  void go_wrong();
  void recover();
  void await_recovery();
  /// Refuses the fetches of idle partitions, and lets a process that calls hooks hang.
  void go_wrong_when_idle();
  void refuse_idle_fetches();
  void fall_silent();
  /// The health of members that are out for good.
  void check_aborted();
  void stop();
  void stop_suddenly();
  void begin_stop();
  bool reported(std::size_t member, const char* process) const;
  void check_last_commits();
  /// The offset in the group, or in the store of the member's program.
  std::int64_t stored_offset(std::size_t member, const topic_partition& of) const;
  void check_produces();
  /// Advances time. False if an invariant did not hold.
  bool pass(moment by);
  void advance(moment by);
  std::size_t next_turn(std::size_t ready);
  std::string missing();
  std::string broken();
  std::string unwell(const std::string& member);
  /// nullopt if the health process does not answer.
  std::optional<health_report> health_of(const std::string& member);

  scene scene_;
  simulated_cluster cluster_;
  std::vector<caf::actor> processes_;
  ottla::test::stage stage_;
  std::shared_ptr<const ottla::test::sighting> root_;
  std::unique_ptr<chaos> chaos_;
  start_order order_;
  std::uint64_t turns_of_this_moment_ = 0;
  moment last_turn_{};
  moment took_{};
};

} // namespace ottla::kafka::simulation
