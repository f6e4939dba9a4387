// How the coordinator opens its Kafka handle, and replaces a handle that failed or is stuck.

#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/kafka/internal/groupless/groupless_handle.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>
#include <ottla/kafka/internal/partition/partition_error.hpp>
#include <ottla/kafka/process_names.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ottla::kafka {

std::optional<error> coordinator::open() {
  opened_for_ = *group_->planned_partitions;
  consumer_.reset();
  is_subscribed_ = false;
  heartbeats_answered_ = 0;
  joining_.handle_ended();
  auto opened = open_consumer();
  if (!opened) {
    note_brokers(opened.error());
    return opened.error();
  }
  *group_->was_open = true;
  rejoins_.opened(time());
  consumer_ = *std::move(opened);
  consumer_->wake_on_event([me = caf::actor_addr{address()}] {
    if (auto self = caf::actor_cast<caf::actor>(me))
      post(self, wake{});
  });
  return std::nullopt;
}

result<std::unique_ptr<consumer_handle>> coordinator::open_consumer() {
  const auto& settings = group_->settings;
  const auto memory = make_memory_budget(settings.memory_bytes).fetching(opened_for_);
  if (group_->groupless)
    return groupless_handle::open(group_->driver, group_->groupless, memory);
  auto opened = group_->driver->open_consumer({.group = settings.group,
                                               .instance = settings.instance,
                                               .session_timeout = settings.session_timeout,
                                               .heartbeat_interval = settings.heartbeat_interval,
                                               .max_poll_interval = settings.max_poll_interval,
                                               .strategy = settings.strategy,
                                               .fetch_wait = settings.fetch_wait,
                                               .memory = memory,
                                               .extra = settings.extra});
  if (auto* refused = std::get_if<error>(&opened))
    return std::move(*refused);
  return std::move(std::get<0>(opened));
}

void coordinator::replace_handle(rejoin_cause why, const std::string& text) {
  if (stop_reason_) {
    stop(exit_reason::crashed(text));
    return;
  }
  if (*group_->aborted) {
    abort_done();
    return;
  }
  note_deliveries();
  const auto all = assigned_partitions();
  if (const auto unanswered = std::exchange(assigning_, std::nullopt))
    for (const auto& where : unanswered->offer().partitions)
      group_->health->clear(health_name_of(where));
  revoking_.reset();
  generation_ = -1;
  give_back(all, assignment_end::lost);
  ledger_.reset();
  consumer_.reset();
  joining_.handle_ended();
  fail_lag_questions(group_->groupless ? "the Kafka handle is being replaced"
                                       : "the group member is being replaced");
  if (!all.empty())
    tell_manager(partitions_lost{all});
  const auto pause = rejoins_.ended(why, time());
  note_pause(why, text, pause);
  // Goes through the mailbox even without a pause, so that a request to end is handled first.
  if (pause > pause.zero())
    cast_after(this, pause, open_again{++pauses_});
  else
    cast(this, self(), open_again{++pauses_});
}

void coordinator::note_pause(rejoin_cause why, const std::string& text,
                             std::chrono::nanoseconds pause) {
  const auto milliseconds = pause / std::chrono::milliseconds{1};
  if (why == rejoin_cause::fenced)
    group_->health->note(
      health_state::stalled, std::string{coordinator_name},
      fmt::format("another member of group \"{}\" uses instance \"{}\"; rejoining in {}ms",
                  group_->settings.group, group_->settings.instance, milliseconds));
  else if (milliseconds > 0 && group_->groupless)
    group_->health->note(health_state::degraded, std::string{coordinator_name},
                         fmt::format("the Kafka handle ended: {}; opening the next handle in {}ms",
                                     text, milliseconds));
  else if (milliseconds > 0 && why == rejoin_cause::out_of_range)
    group_->health->note(
      health_state::degraded, std::string{coordinator_name},
      fmt::format("the group membership ended: {}; rejoining in {}ms", text, milliseconds));
  else if (milliseconds > 0)
    group_->health->note(
      health_state::degraded, std::string{coordinator_name},
      fmt::format("the group membership ended {} times in a row: {}; rejoining in {}ms",
                  rejoins_.failures_in_a_row(), text, milliseconds));
  else
    note_no_partitions();
}

void coordinator::open_next(std::uint64_t pause) {
  if (pause != pauses_ || consumer_ || stop_reason_ || *group_->aborted)
    return;
  if (const auto refused = open()) {
    group_->observer->failed(*refused);
    replace_handle(rejoin_cause::failed, to_string(*refused));
    return;
  }
  describe_topics();
}

void coordinator::note_deliveries() {
  const auto delivered = [](const auto& one) { return one.second->activity_now().batches > 0; };
  if (!rejoins_.has_delivered() && std::ranges::any_of(states_, delivered))
    rejoins_.delivered();
}

void coordinator::check_progress() {
  note_deliveries();
  const bool is_assigned = generation_ >= 0 && !assigning_ && !revoking_;
  rejoins_.checked(is_assigned
                     && std::ranges::all_of(
                       states_, [](const auto& one) { return one.second->unacknowledged() == 0; }),
                   time());
  if (rejoins_.is_proven())
    report_healthy();
}

void coordinator::check_membership() {
  if (group_->groupless) {
    joining_.assigned();
    return;
  }
  const auto answered = consumer_->heartbeats_answered();
  const bool heard = std::exchange(heartbeats_answered_, answered) != answered;
  if (!is_subscribed_)
    return;
  if (consumer_->is_joining())
    joining_.is_joining(time());
  else if (heard)
    joining_.heartbeat_answered();
  else if (states_.empty())
    joining_.heartbeat_missed(time());
}

void coordinator::replace_if_stuck() {
  check_membership();
  // Brokers that reject this member would reject a new member too.
  const bool refused
    = group_->health->holds(authorization_health) || group_->health->holds(settings_health);
  if (refused || !joining_.is_overdue(time()))
    return;
  joining_.gave_up();
  const error what{.code = errc::unreachable,
                   .retriable = true,
                   .text
                   = fmt::format("brokers answer, but the coordinator of group \"{}\" does not; "
                                 "rejoining as a new member",
                                 group_->settings.group)};
  group_->observer->failed(what);
  replace_handle(rejoin_cause::stuck, to_string(what));
}

void coordinator::handle(const partition_failed& event) {
  const auto& where = event.state->where();
  const auto known = states_.find(where);
  if (known == states_.end() || known->second != event.state)
    return;
  group_->health->note(state_of(event.why), health_name_of(where), to_string(event.why));
  fetch_failures_.insert(where);
  group_->observer->failed(partition_error(where, event.why));
  // The topic may have been deleted. Without a group, only the topic's description shows it.
  if (group_->groupless && event.why.code == errc::unknown_topic)
    describe_topics();
  // An offset out of range stops the partition in this handle permanently. Only a new assignment
  // resolves another offset. After any other failure, the next worker may restart it by a seek.
  if (event.why.code == errc::offset_out_of_range && !stop_reason_) {
    // This handle still works, so commit once more. The close of the handle does not overtake the
    // commit.
    if (consumer_)
      commit(kept_partitions());
    replace_handle(rejoin_cause::out_of_range, to_string(where) + ": " + to_string(event.why));
  }
}

} // namespace ottla::kafka
