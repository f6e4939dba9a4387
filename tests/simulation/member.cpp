#include "member.hpp"

#include "simulated_handler.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

namespace ottla::kafka::simulation {

using namespace std::chrono_literals;

void observing::acknowledged(const topic_partition& where, std::int64_t next) {
  on_.log.line("m{}     {} is acknowledged up to {}", member_, to_string(where), next);
  on_.checks.counted(member_, where, next);
}

void observing::committed(const topic_partition& where, std::int64_t next) {
  // Without a store of the program, memory holds the offset.
  if (on_.how.without_group && !on_.how.stores_offsets)
    return;
  on_.checks.commit_counted(member_, where, next);
}

void observing::failed(const error& what) {
  on_.log.line("m{}   reports {}", member_, to_string(what));
  on_.checks.failed(member_, what);
}

void observing::recovered() {
  on_.log.line("m{}   has recovered", member_);
  on_.checks.recovered(member_);
}

std::string member_name(std::size_t member) {
  return "m" + std::to_string(member);
}

namespace {

group_consumer make_group_consumer(simulated_cluster& of, std::size_t member,
                                   caf::actor_system& system, std::vector<caf::actor>& processes) {
  auto& on = of.on();
  const auto& how = on.how;
  return group_consumer{
    .group = "g",
    .topics = of.topics(),
    .handler = make_handler(on, member, system, processes),
    .begin = how.begins_latest ? begin_offset{latest{}} : begin_offset{earliest{}},
    .allocation = how.shared_workers ? worker_allocation::per_partition
                                     : worker_allocation::per_topic_partition,
    .assignment_received
    = [&on, member](const assigned_partition& what) -> std::optional<std::string> {
      if (on.mishap(on.how.refused_assignments))
        return "not now";
      on.log.line("m{}     hook: {} is assigned", member, to_string(what.where));
      on.checks.hook_received(member, what.where);
      return std::nullopt;
    },
    .assignments_revoked =
      [&on, member](std::span<const topic_partition> which) {
        for (const auto& one : which) {
          on.log.line("m{}     hook: {} is revoked", member, to_string(one));
          on.checks.hook_revoked(member, one);
        }
      },
    .batch_size = how.batch_size,
    .max_unacknowledged = how.max_unacknowledged,
    .commit_interval = how.commit_interval,
    .drain_within = how.drain_within,
    .worker_restarts = {.longest = 500ms, .healthy_after = 1s},
    .handle_within = how.handle_within,
    .rebalance_delay = how.rebalance_delay,
    .session_timeout = how.session_timeout,
    .heartbeat_interval = how.session_timeout / 4,
    .max_poll_interval = how.max_poll_interval,
    .strategy = how.cooperative ? assignor::cooperative_sticky : assignor::range,
    .instance = how.fence_rate != 0 ? member_name(member) : std::string{}};
}

/// The program's own store of offsets. A failure may come before or after the offsets are stored.
void store(scene& on, std::size_t member, std::span<const next_offset> offsets) {
  if (on.mishap(on.how.failed_commits))
    throw std::runtime_error{"the store is down"};
  for (const auto& [where, next] : offsets) {
    on.log.line("m{}     stores {} at {}", member, to_string(where), next);
    on.checks.own_offset_stored(member, where, next);
    on.own_offsets[{member, where}] = next;
  }
  if (on.mishap(on.how.lost_commit_answers))
    throw std::runtime_error{"the store did not answer"};
}

begin_offset find_begin(scene& on, std::size_t member, const topic_partition& where) {
  if (on.mishap(on.how.failed_resolves))
    throw std::runtime_error{"the store is down"};
  const auto stored = on.own_offsets.find({member, where});
  return stored == on.own_offsets.end() ? begin_offset{earliest{}} : at_offset{stored->second};
}

consumer make_consumer(scene& on, std::size_t member, const std::string& topic,
                       caf::actor_system& system, std::vector<caf::actor>& processes) {
  const auto& how = on.how;
  consumer one{.topic = topic,
               .handler = make_handler(on, member, system, processes),
               .store_interval = how.commit_interval,
               .batch_size = how.batch_size,
               .max_unacknowledged = how.max_unacknowledged,
               .drain_within = how.drain_within,
               .worker_restarts = {.longest = 500ms, .healthy_after = 1s},
               .handle_within = how.handle_within};
  if (how.begins_latest)
    one.begin = latest{};
  if (how.begins_by_function)
    one.begin
      = [&on, member](const topic_partition& where) { return find_begin(on, member, where); };
  if (how.stores_offsets)
    one.store_offsets
      = [&on, member](std::span<const next_offset> offsets) { store(on, member, offsets); };
  return one;
}

} // namespace

test::driven_connection make_member(simulated_cluster& of, std::size_t member,
                                    caf::actor_system& system, std::vector<caf::actor>& processes) {
  auto& on = of.on();
  const auto& how = on.how;
  connection settings{
    .name = member_name(member),
    .producing = producer_settings{.buffer_bytes = how.small_buffer ? 3'000U : 64U * 1024 * 1024},
    .restarts = how.few_restarts ? restart_limit{} : restart_limit{1'000, 1s},
    .observer = std::make_shared<observing>(on, member),
  };
  if (how.without_group) {
    settings.metadata_interval = 300ms;
    for (const auto& topic : of.topics())
      settings.consumers.push_back(make_consumer(on, member, topic, system, processes));
  } else {
    settings.group_consumer = make_group_consumer(of, member, system, processes);
  }
  return {std::move(settings), std::make_shared<simulated_driver>(of, member)};
}

} // namespace ottla::kafka::simulation
