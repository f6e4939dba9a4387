#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/kafka/internal/health/health_messages.hpp>
#include <ottla/kafka/internal/partition/partition_error.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/internal/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// Upper bound of the time between two checks of events, membership and topics. A longer
/// commit_interval does not raise it.
constexpr std::chrono::milliseconds check_interval{1'000};

/// A seed that differs for each supervision tree, and for each coordinator in the tree.
std::uint64_t seed_of(const process_context& context) {
  auto seed = std::uint64_t{14695981039346656037U}; // FNV-1a of the path
  if (context.label)
    for (const unsigned char byte : context.label->path())
      seed = (seed ^ byte) * 1099511628211U;
  const auto* tree = tree_of(context);
  return tree != nullptr ? seed ^ tree->seed : seed;
}

} // namespace

coordinator::coordinator(caf::actor_config& config, process_context context,
                         group_context_ptr group)
  : process{config, std::move(context)},
    group_{std::move(group)},
    ledger_{saturate<std::chrono::nanoseconds>(group_->settings.commit_interval)},
    rejoins_{group_->settings.session_timeout, seed_of(this->context())},
    joining_{group_->settings.session_timeout} {}

caf::behavior coordinator::set_up() {
  if (auto* tree = tree_of(context()))
    needs_time_.emplace(tree->stop);
  if (!*group_->aborted) {
    note_start();
    if (const auto refused = open()) {
      // Fails the start if these settings never opened a handle. Otherwise retries later.
      if (!*group_->was_open)
        throw std::runtime_error{to_string(*refused)};
      group_->observer->failed(*refused);
      replace_handle(rejoin_cause::failed, to_string(*refused));
    }
    describe_topics();
    cast(this, self(), tick{});
  }
  return {
    [this](wake) { handle_events(); },
    [this](tick) { regular_work(); },
    [](sign_of_life) {},
    [this](const topics_described& found) { note_topics(found); },
    [this](const attach_request& who) { return attach_manager(who); },
    [this](const partition_failed& news) { handle(news); },
    [this](const drained& answer) { revoke_drained(answer.number, drain_end::in_time); },
    [this](const revoke_drain_overdue& timer) { end_overdue_drain(timer.number); },
    [this](const commit_deadline& deadline) {
      // A stop has its own deadline.
      if (revoking_ && revoking_->number() == deadline.number && !stop_reason_)
        finish_revoke();
    },
    [this](leave_deadline) { take(ending_.at_leave_deadline(under_way(), leave_within())); },
    [this](commit_again) { take(ending_.after_pause(under_way())); },
    [this](join_overdue) { take(ending_.at_half_time(under_way())); },
    [this](resolve_again) { resolve_beginnings(); },
    [this](close_deadline) { close_overdue(); },
    [this](open_again next) { open_next(next.pause); },
    [this](const subscribe_topics& request) { return add_topics(request); },
    [this](get_subscription) { return subscription{group_->topics->topics()}; },
    [this](const pause_topics& request) { return handle(request); },
    [this](const resume_topics& request) { return handle(request); },
    [this](get_lag) { return ask_lag(); },
    [this](get_committed_offsets) { return list_committed(); },
    [this](abort_group) { return abort(); },
  };
}

void coordinator::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  stop_reason_ = why;
  ending_.stop();
  if (!consumer_) {
    stop(why);
    return;
  }
  const auto left = time_to_end(context(), now().time_since_epoch());
  cast_after(this, left, close_deadline{});
  if (ending_.is_closing())
    return;
  cast_after(this, left / 2, join_overdue{});
  // The manager, the workers and the acknowledger have already ended. The leases are still valid,
  // so an ack_handle may still acknowledge offsets in order.
  if (const auto unanswered = std::exchange(assigning_, std::nullopt)) {
    // Commit before the answer: a cooperative member may rejoin as soon as it has answered.
    if (!ledger_.is_pending())
      commit_kept();
    consumer_->assign(unanswered->offer().answer, {});
  }
  if (revoking_)
    revoke_drained(revoking_->number(), drain_end::in_time);
  const bool has_commit = ledger_.is_pending() || commit_kept();
  if (!has_commit && !revoking_)
    close();
}

void coordinator::terminated() {
  // Ends every lease, even after a kill. Later acknowledgements of workers are rejected.
  for (auto& [where, state] : states_) {
    state->give_up();
    keep_offset(where, *state);
    note_unconfirmed(where, *state);
  }
  states_.clear();
  report_unconfirmed();
  consumer_.reset();
  needs_time_.reset();
  if (stop_reason_)
    tell_hook_of_end();
  fail_requests();
}

void coordinator::handle_events() {
  while (auto event = consumer_ ? consumer_->next_event() : std::nullopt)
    std::visit([this](const auto& what) { handle(what); }, *event);
  commit_beginnings();
}

void coordinator::handle(const committed& event) {
  ledger_.answered(event.asked);
  // A failed commit loses no message. The next commit includes its offsets, or the messages are
  // delivered again.
  const auto complain = [this](const std::optional<error>& what) {
    if (what && what->code != errc::rebalance_in_progress)
      group_->observer->failed(*what);
  };
  complain(event.failed);
  for (const auto& position : event.positions) {
    if (!event.failed && position.failed)
      complain(partition_error(position.at, *position.failed));
    if (const auto& why = event.failed ? event.failed : position.failed) {
      note_failed_commit(position.at, *why);
      continue;
    }
    ledger_.confirm(position);
    note_commit(position.at);
    rejoins_.committed();
    group_->observer->committed(position.at, position.offset);
  }
  if (revoking_ && revoking_->waits_for(event.asked))
    finish_revoke();
  take(ending_.after_commit(event, under_way()));
}

void coordinator::handle(const closed&) {
  ending_.leave();
  if (stop_reason_)
    stop(*stop_reason_);
  else if (*group_->aborted)
    abort_done();
  else
    replace_handle(rejoin_cause::failed, "the Kafka handle closed unexpectedly");
}

std::optional<token> coordinator::commit(const std::vector<topic_partition>& partitions) {
  std::vector<position> acknowledged;
  for (const auto& where : partitions)
    if (const auto state = states_.find(where); state != states_.end()) {
      acknowledged.push_back({where, state->second->next_to_commit()});
      keep_offset(where, *state->second);
    }
  const auto due = ledger_.uncommitted(acknowledged);
  return due.empty() ? std::nullopt : std::optional{consumer_->commit(due)};
}

bool coordinator::commit_kept() {
  const auto sent = commit(kept_partitions());
  if (sent)
    ledger_.sent(*sent);
  return sent.has_value();
}

std::vector<topic_partition> coordinator::assigned_partitions() const {
  std::vector<topic_partition> all;
  for (const auto& [where, state] : states_)
    all.push_back(where);
  return all;
}

std::vector<topic_partition> coordinator::kept_partitions() const {
  auto kept = assigned_partitions();
  if (revoking_)
    std::erase_if(kept, [this](const auto& where) { return revoking_->has_drained(where); });
  return kept;
}

void coordinator::regular_work() {
  const auto& settings = group_->settings;
  // Polling for events also keeps the member alive in Kafka, see max.poll.interval.ms.
  cast_after(this,
             std::min({std::chrono::milliseconds{settings.commit_interval},
                       std::chrono::milliseconds{settings.max_poll_interval} / 3, check_interval}),
             tick{});
  handle_events();
  if (!consumer_ || ending_.has_begun())
    return;
  commit_if_due();
  clear_fetch_failures();
  check_membership();
  check_progress();
  const bool asks = in_doubt() || joining_.is_overdue(time());
  const bool polls
    = group_->groupless && missing_topics_.is_due(time(), group_->groupless->poll_interval);
  if (polls || (asks && missing_topics_.is_due(time())))
    describe_topics();
}

void coordinator::commit_if_due() {
  const bool waits_for_last_commit = revoking_ && revoking_->is_drained();
  if (!waits_for_last_commit && ledger_.take_turn(time()))
    commit_kept();
}

void coordinator::close() {
  ending_.close();
  if (stop_reason_ && !ledger_.is_pending())
    cast_after(this, leave_within(), leave_deadline{});
  consumer_->close();
  handle_events();
}

void coordinator::close_overdue() {
  if (stop_reason_)
    stop(*stop_reason_);
  else if (*group_->aborted)
    abort_done();
}

} // namespace ottla::kafka
