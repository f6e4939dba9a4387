#include <ottla/kafka/group/coordinator.hpp>
#include <ottla/kafka/group/health_messages.hpp>
#include <ottla/kafka/group/partition_error.hpp>
#include <ottla/kafka/names.hpp>
#include <ottla/supervision/detail/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// Between two looks at the topics while something is wrong with them or with the brokers.
constexpr auto describe_pause = 5s;
/// Longest time between two checks of events, membership and topics, whatever commit_interval is.
constexpr std::chrono::milliseconds look_pause{1'000};

/// A number of each tree's, and of each coordinator's in it.
std::uint64_t seed_of(const process_context& context) {
  auto seed = std::uint64_t{14695981039346656037U}; // FNV-1a of the path
  if (context.label)
    for (const unsigned char byte : context.label->path())
      seed = (seed ^ byte) * 1099511628211U;
  return context.tree ? seed ^ context.tree->seed : seed;
}

} // namespace

coordinator::coordinator(caf::actor_config& config, process_context context,
                         group_context_ptr group)
  : process{config, std::move(context)},
    group_{std::move(group)},
    restarts_{group_->settings.session_timeout, seed_of(this->context())},
    joining_{group_->settings.session_timeout} {}

caf::behavior coordinator::set_up() {
  if (context().tree)
    needs_time_.emplace(context().tree->stop);
  if (!*group_->aborted) {
    note_start();
    if (const auto refused = open()) {
      // Settings that never worked fail the start. Later a refusal passes.
      if (!*group_->was_open)
        throw std::runtime_error{to_string(*refused)};
      group_->observer->failed(*refused);
      replace_handle(handle_end::failed, to_string(*refused));
    }
    describe_topics();
    cast(this, self(), tick{});
  }
  return {
    [this](wake) { look_at_events(); },
    [this](tick) { regular_work(); },
    [](sign_of_life) {},
    [this](const topics_described& found) { note_topics(found); },
    [this](const attach_request& who) { return attach_manager(who); },
    [this](const partition_failed& news) { handle(news); },
    [this](const drained& answer) { revoke_drained(answer.number); },
    [this](const drain_deadline& deadline) { drain_overdue(deadline.number); },
    [this](const commit_deadline& deadline) {
      // A stop has a deadline of its own.
      if (revoking_ && revoking_->number == deadline.number && !stop_reason_)
        finish_revoke();
    },
    [this](leave_deadline) { leave_overdue(); },
    [this](commit_again) {
      if (stop_reason_ && !closing_ && !revoking_ && !commit_in_flight_)
        commit_or_close({});
    },
    [this](join_overdue) { send_last_commit(); },
    [this](resolve_again) { resolve_beginnings(); },
    [this](close_deadline) { close_overdue(); },
    [this](open_again next) { open_next(next.pause); },
    [this](const subscribe_topics& request) { return add_topics(request); },
    [this](get_subscription) { return subscription{group_->topics->topics()}; },
    [this](const pause_topics& request) { return pause(request); },
    [this](const resume_topics& request) { return resume(request); },
    [this](get_lag) { return ask_lag(); },
    [this](get_committed_offsets) { return list_committed(); },
    [this](abort_group) { return abort(); },
  };
}

void coordinator::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  stop_reason_ = why;
  if (!consumer_) {
    stop(why);
    return;
  }
  const auto left = time_to_end(context(), now().time_since_epoch());
  cast_after(this, left, close_deadline{});
  if (closing_)
    return;
  cast_after(this, left / 2, join_overdue{});
  // The manager is gone by now, and the acknowledger after it: what is in the records is all that
  // there will be.
  if (const auto unanswered = std::exchange(assigning_, std::nullopt)) {
    // A cooperative member may join again as soon as it has answered.
    if (!commit_in_flight_)
      commit_in_flight_ = commit(kept_partitions());
    consumer_->assign(unanswered->what.answer, {});
  }
  if (revoking_)
    revoke_drained(revoking_->number);
  if (!commit_in_flight_)
    commit_in_flight_ = commit(kept_partitions());
  if (!commit_in_flight_ && !revoking_)
    close();
}

void coordinator::terminated() {
  // Every lease ends here, kill or not: whoever still handles a batch acknowledges in vain.
  for (auto& [where, record] : records_) {
    record->give_up();
    note_unconfirmed(where, *record);
  }
  records_.clear();
  report_unconfirmed();
  consumer_.reset();
  needs_time_.reset();
  if (stop_reason_)
    tell_hook_of_end();
  fail_requests();
}

void coordinator::look_at_events() {
  while (auto event = consumer_ ? consumer_->next_event() : std::nullopt)
    std::visit([this](const auto& what) { handle(what); }, *event);
  commit_beginnings();
}

void coordinator::handle(const committed& event) {
  if (commit_in_flight_ == event.asked)
    commit_in_flight_.reset();
  // A failed commit is no loss: the next one covers it, or the messages come again.
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
    if (records_.contains(position.at))
      stored_[position.at] = {position.offset, true};
    note_commit(position.at);
    restarts_.committed();
    group_->observer->committed(position.at, position.offset);
  }
  if (revoking_ && revoking_->committing == event.asked)
    finish_revoke();
  if (!stop_reason_ || revoking_ || commit_in_flight_)
    return;
  if (closing_)
    cast_after(this, leave_within(), leave_deadline{});
  else
    commit_or_close(event);
}

void coordinator::handle(const closed&) {
  has_left_ = true;
  if (stop_reason_)
    stop(*stop_reason_);
  else if (*group_->aborted)
    abort_done();
  else
    replace_handle(handle_end::failed, "the client closed by itself");
}

std::optional<token> coordinator::commit(const std::vector<topic_partition>& partitions) {
  std::vector<position> next;
  for (const auto& where : partitions) {
    const auto record = records_.find(where);
    if (record == records_.end())
      continue;
    const auto acknowledged = record->second->acknowledged();
    if (acknowledged > stored_[where].next)
      next.push_back({where, acknowledged});
  }
  return next.empty() ? std::nullopt : std::optional{consumer_->commit(next)};
}

std::vector<topic_partition> coordinator::assigned_partitions() const {
  std::vector<topic_partition> all;
  for (const auto& [where, record] : records_)
    all.push_back(where);
  return all;
}

std::vector<topic_partition> coordinator::kept_partitions() const {
  auto kept = assigned_partitions();
  std::erase_if(kept, [this](const auto& where) { return is_drained(where); });
  return kept;
}

void coordinator::regular_work() {
  const auto& settings = group_->settings;
  // Asking for events also tells the broker that this member is alive.
  cast_after(this,
             std::min({std::chrono::milliseconds{settings.commit_interval},
                       std::chrono::milliseconds{settings.max_poll_interval} / 3, look_pause}),
             tick{});
  look_at_events();
  if (!consumer_ || closing_ || stop_reason_)
    return;
  commit_if_due();
  look_at_membership();
  look_at_progress();
  const bool asks = in_doubt() || joining_.is_overdue(time());
  if (asks && now() - described_at_ >= describe_pause)
    describe_topics();
}

void coordinator::commit_if_due() {
  if (time() < next_commit_ || commit_in_flight_ || (revoking_ && revoking_->drained))
    return;
  next_commit_
    = saturating_add(time(), saturate<std::chrono::nanoseconds>(group_->settings.commit_interval));
  commit_in_flight_ = commit(kept_partitions());
}

void coordinator::close() {
  closing_ = true;
  if (stop_reason_ && !commit_in_flight_)
    cast_after(this, leave_within(), leave_deadline{});
  consumer_->close();
  look_at_events();
}

void coordinator::close_overdue() {
  if (stop_reason_)
    stop(*stop_reason_);
  else if (*group_->aborted)
    abort_done();
}

} // namespace ottla::kafka
