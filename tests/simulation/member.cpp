#include "member.hpp"

#include "simulated_handler.hpp"

#include <algorithm>
#include <utility>

namespace ottla::kafka::simulation {

using namespace std::chrono_literals;

void observing::acknowledged(const topic_partition& where, std::int64_t next) {
  on_.log.line("m{}     {} is acknowledged up to {}", member_, to_string(where), next);
  on_.checks.counted(member_, where, next);
}

void observing::committed(const topic_partition& where, std::int64_t next) {
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

test::driven_connection make_member(simulated_cluster& of, std::size_t member,
                                    caf::actor_system& system, std::vector<caf::actor>& processes) {
  auto& on = of.on();
  const auto& how = on.how;
  connection settings{
    .name = member_name(member),
    .producing = producer_settings{.buffer_bytes = how.small_buffer ? 3'000U : 64U * 1024 * 1024},
    .group_consumer
    = group_consumer{.group = "g",
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
                     .instance = how.fence_rate != 0 ? member_name(member) : std::string{}},
    .restarts = how.few_restarts ? restart_limit{} : restart_limit{1'000, 1s},
    .observer = std::make_shared<observing>(on, member),
  };
  return {std::move(settings), std::make_shared<simulated_driver>(of, member)};
}

} // namespace ottla::kafka::simulation
