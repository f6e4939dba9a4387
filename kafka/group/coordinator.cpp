#include <ottla/kafka/group/coordinator.hpp>
#include <ottla/kafka/group/prefetch_share.hpp>
#include <ottla/kafka/names.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// Committing and leaving together; a member that could not leave is evicted by the broker.
constexpr auto close_within = 900ms;
/// Between two looks at the topics while something is wrong with them or with the brokers.
constexpr auto describe_pause = 5s;

constexpr std::string_view brokers = "brokers";
constexpr std::string_view topic_prefix = "topic/";

health_state state_of(const error& what) {
  const bool hopeless = what.code == errc::authentication_failed
                        || what.code == errc::not_authorized || what.code == errc::bad_setting;
  return hopeless ? health_state::stalled : health_state::degraded;
}

/// Brokers that answer otherwise are no proof that the first two are over.
std::string_view concern_of(const error& what) {
  switch (what.code) {
    case errc::not_authorized: return authorization_health;
    case errc::bad_setting: return settings_health;
    default: return brokers;
  }
}

} // namespace

coordinator::coordinator(caf::actor_config& config, process_context context,
                         group_context_ptr group)
  : process{config, std::move(context)}, group_{std::move(group)} {}

caf::behavior coordinator::set_up() {
  if (!*group_->aborted) {
    // The partitions and workers of the one before are gone, and may be another member's next.
    group_->health->clear_if([](const std::string& what) {
      return what != brokers && what != authorization_health && what != settings_health
             && !what.starts_with(topic_prefix);
    });
    group_->health->note(health_state::starting, std::string{coordinator_name},
                         "no partitions are assigned yet");
    open();
    describe_topics();
    cast(this, self(), tick{});
  }
  return {
    [this](wake) { look_at_events(); },
    [this](tick) { regular_work(); },
    [this](const topics_described& found) { note_topics(found); },
    [this](const attach_request& who) { return attach_manager(who); },
    [this](const partition_failed& news) { handle(news); },
    [this](const drained& answer) { revoke_drained(answer.number); },
    [this](const drain_deadline& deadline) { drain_overdue(deadline.number); },
    [this](const commit_deadline& deadline) {
      if (revoking_ && revoking_->number == deadline.number)
        finish_revoke();
    },
    [this](resolve_again) { resolve_beginnings(); },
    [this](close_deadline) { close_overdue(); },
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
  cast_after(this, close_within, close_deadline{});
  if (closing_)
    return;
  // The manager is gone by now, and the acknowledger after it: what is in the records is all that
  // there will be.
  if (const auto unanswered = std::exchange(assigning_, std::nullopt))
    consumer_->assign(unanswered->what.answer, {});
  if (revoking_)
    revoke_drained(revoking_->number);
  if (!commit_in_flight_)
    commit_in_flight_ = commit(kept_partitions());
  if (!commit_in_flight_ && !revoking_)
    close();
}

void coordinator::terminated() {
  // Every lease ends here, kill or not: whoever still handles a batch acknowledges in vain.
  for (auto& [where, record] : records_)
    record->give_up();
  records_.clear();
  consumer_.reset();
  if (stop_reason_)
    tell_hook_of_end();
  fail_requests();
}

void coordinator::open() {
  const auto& settings = group_->settings;
  opened_for_ = *group_->planned_partitions;
  consumer_.reset();
  auto opened = group_->client->open_consumer(
    {.group = settings.group,
     .session_timeout = settings.session_timeout,
     .heartbeat_interval = settings.heartbeat_interval,
     .max_poll_interval = settings.max_poll_interval,
     .strategy = settings.strategy,
     .instance = settings.instance,
     .fetch_wait = settings.fetch_wait,
     .prefetch_bytes = prefetch_share(settings.memory_bytes, opened_for_),
     .extra = settings.extra});
  if (const auto* refused = std::get_if<error>(&opened)) {
    group_->health->note(state_of(*refused), std::string{brokers}, to_string(*refused));
    throw std::runtime_error{to_string(*refused)};
  }
  consumer_ = std::move(std::get<0>(opened));
  consumer_->wake_on_event([me = caf::actor_addr{address()}] {
    if (auto self = caf::actor_cast<caf::actor>(me))
      post(self, wake{});
  });
}

void coordinator::describe_topics() {
  if (std::exchange(describing_, true))
    return;
  described_at_ = now();
  auto topics = group_->topics->topics();
  group_->client->describe_topics(topics,
                                  [me = caf::actor_addr{address()}, topics](const auto& result) {
                                    if (auto self = caf::actor_cast<caf::actor>(me))
                                      post(self, topics_described{topics, result});
                                  });
}

void coordinator::note_topics(const topics_described& found) {
  describing_ = false;
  if (!consumer_ || closing_ || stop_reason_)
    return;
  if (const auto* why = std::get_if<error>(&found.result)) {
    group_->observer->failed(*why);
    group_->health->note(state_of(*why), std::string{brokers}, to_string(*why));
    return;
  }
  group_->health->clear(brokers);
  const auto wanted = group_->topics->topics();
  if (found.topics != wanted) {
    describe_topics(); // some were added meanwhile
    return;
  }
  std::size_t partitions = 0;
  for (const auto& topic : wanted) {
    const auto& known = std::get<std::vector<topic_info>>(found.result);
    const auto info = std::ranges::find(known, topic, &topic_info::name);
    const auto what = std::string{topic_prefix} + topic;
    if (info == known.end()) {
      group_->health->note(health_state::degraded, what, "there is no such topic");
      continue;
    }
    group_->health->clear(what);
    partitions += static_cast<std::size_t>(std::max(info->partitions, 0));
  }
  if (partitions > *group_->planned_partitions)
    *group_->planned_partitions = partitions;
  if (std::exchange(is_subscribed_, true))
    return;
  // Its memory is fixed when a handle is opened; this one has no membership to lose yet.
  if (*group_->planned_partitions > opened_for_)
    open();
  consumer_->subscribe(wanted);
}

void coordinator::look_at_events() {
  while (auto event = consumer_ ? consumer_->next_event() : std::nullopt)
    std::visit([this](const auto& what) { handle(what); }, *event);
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
    if (!event.failed)
      complain(position.failed);
    if (const auto& why = event.failed ? event.failed : position.failed) {
      note_failed_commit(position.at, *why);
      continue;
    }
    if (records_.contains(position.at))
      stored_[position.at] = {position.offset, true};
    group_->health->clear(to_string(position.at));
    group_->health->clear(settings_health);
    group_->observer->committed(position.at, position.offset);
  }
  if (revoking_ && revoking_->committing == event.asked)
    finish_revoke();
  if (stop_reason_ && !closing_ && !revoking_ && !commit_in_flight_) {
    commit_in_flight_ = event.failed ? std::nullopt : commit(kept_partitions());
    if (!commit_in_flight_)
      close();
  }
}

void coordinator::note_failed_commit(const topic_partition& of, const error& why) {
  // One in a rebalance is as usual; one of what was given up, nobody's any more.
  if (why.code != errc::rebalance_in_progress && records_.contains(of))
    group_->health->note(state_of(why), to_string(of), "not committed: " + to_string(why));
}

void coordinator::handle(const client_failed& event) {
  group_->observer->failed(event.what);
  if (event.what.code == errc::unknown_topic)
    describe_topics(); // which one is told by that
  else
    group_->health->note(state_of(event.what), std::string{concern_of(event.what)},
                         to_string(event.what));
  if (event.what.fatal)
    stop(exit_reason::crashed(to_string(event.what)));
}

void coordinator::handle(const closed&) {
  if (stop_reason_)
    stop(*stop_reason_);
  else if (*group_->aborted)
    abort_done();
  else
    stop(exit_reason::crashed("the client closed by itself"));
}

void coordinator::handle(const partition_failed& event) {
  const auto& where = event.record->where();
  const auto known = records_.find(where);
  if (known == records_.end() || known->second != event.record)
    return;
  group_->observer->failed(event.why);
  group_->health->note(state_of(event.why), to_string(where), to_string(event.why));
  // The client has stopped the partition for good; a new assignment resolves where to go on. Of
  // anything else the next worker's seek may get it going again.
  if (event.why.code == errc::offset_out_of_range && !stop_reason_)
    stop(exit_reason::crashed(to_string(where) + ": " + to_string(event.why)));
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
  cast_after(this, std::min(settings.commit_interval, settings.max_poll_interval / 3), tick{});
  look_at_events();
  if (!consumer_ || closing_ || stop_reason_)
    return;
  if (!commit_in_flight_ && !revoking_)
    commit_in_flight_ = commit(kept_partitions());
  const bool in_doubt = !is_subscribed_ || group_->health->holds(brokers)
                        || group_->health->holds_below(topic_prefix);
  if (in_doubt && now() - described_at_ >= describe_pause)
    describe_topics();
}

void coordinator::close() {
  closing_ = true;
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
