#include <ottla/kafka/group/coordinator.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto resolve_pause = 500ms;
/// How long partitions are kept for the answer to their last commit.
constexpr auto commit_within = 2s;
/// Committing and leaving together; a member that could not leave is evicted by the broker.
constexpr auto close_within = 900ms;

/// Where a group had come to that the log does not hold any more, and where it goes on.
error out_of_range(const beginning& of) {
  return {.code = errc::offset_out_of_range,
          .text
          = fmt::format("{}: offset {} is outside of {}..{}, beginning at {}", to_string(of.at),
                        of.missing.value_or(-1), of.log_begin, of.log_end, of.offset)};
}

} // namespace

coordinator::coordinator(caf::actor_config& config, process_context context,
                         group_context_ptr group)
  : process{config, std::move(context)}, group_{std::move(group)} {}

caf::behavior coordinator::set_up() {
  const auto& settings = group_->settings;
  auto opened = group_->client->open_consumer({.group = settings.group,
                                               .session_timeout = settings.session_timeout,
                                               .heartbeat_interval = settings.heartbeat_interval,
                                               .max_poll_interval = settings.max_poll_interval,
                                               .strategy = settings.strategy,
                                               .fetch_wait = settings.fetch_wait,
                                               .prefetch_bytes = settings.prefetch_bytes,
                                               .extra = settings.extra});
  if (const auto* refused = std::get_if<error>(&opened))
    throw std::runtime_error{to_string(*refused)};
  consumer_ = std::move(std::get<0>(opened));
  consumer_->wake_on_event([me = caf::actor_addr{address()}] {
    if (auto self = caf::actor_cast<caf::actor>(me))
      post(self, wake{});
  });
  consumer_->subscribe(settings.topics);
  cast(this, self(), tick{});
  return {
    [this](wake) { look_at_events(); },
    [this](tick) { regular_work(); },
    [this](const attach_request& who) { return attach_manager(who); },
    [this](const partition_failed& news) { handle(news); },
    [this](const drained& answer) { revoke_drained(answer.number); },
    [this](const drain_deadline& deadline) { drain_overdue(deadline.number); },
    [this](const commit_deadline& deadline) {
      if (revoking_ && revoking_->number == deadline.number)
        finish_revoke();
    },
    [this](resolve_again) { resolve_beginnings(); },
    [this](close_deadline) { stop(*stop_reason_); },
  };
}

void coordinator::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  // The manager is gone by now, and the acknowledger after it: what is in the records is all that
  // there will be.
  stop_reason_ = why;
  cast_after(this, close_within, close_deadline{});
  if (const auto unanswered = std::exchange(assigning_, std::nullopt))
    consumer_->assign(unanswered->what.answer, {});
  if (revoking_)
    finish_revoke();
  if (!commit_in_flight_)
    commit_in_flight_ = commit(assigned_partitions());
  if (!commit_in_flight_)
    close();
}

void coordinator::terminated() {
  // Every lease ends here, kill or not: whoever still handles a batch acknowledges in vain.
  for (auto& [where, record] : records_)
    record->give_up();
  records_.clear();
  consumer_.reset();
}

attached coordinator::attach_manager(const attach_request& who) {
  manager_ = who.manager.address();
  attached answer{.generation = generation_};
  for (const auto& [where, record] : records_)
    answer.records.push_back(record);
  if (revoking_ && !revoking_->drained)
    answer.pending = partitions_revoked{revoking_->number, revoking_->what.partitions};
  return answer;
}

void coordinator::look_at_events() {
  while (auto event = consumer_->next_event())
    std::visit([this](const auto& what) { handle(what); }, *event);
}

void coordinator::handle(const assigned& event) {
  generation_ = event.generation;
  if (stop_reason_) {
    consumer_->assign(event.answer, {});
    return;
  }
  assigning_ = {event, 0};
  resolve_beginnings();
}

void coordinator::handle(const revoked& event) {
  // An assignment that is taken back before it was answered leaves nothing to drain.
  assigning_.reset();
  if (event.lost || stop_reason_) {
    let_go(event.partitions, event.lost);
    consumer_->unassign(event.answer, event.partitions);
    tell_manager(partitions_lost{event.partitions});
    return;
  }
  begin_revoke(event);
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
    if (event.failed)
      break;
    complain(position.failed);
    if (position.failed)
      continue;
    if (records_.contains(position.at))
      committed_[position.at] = position.offset;
    group_->observer->committed(position.at, position.offset);
  }
  if (revoking_ && revoking_->committing == event.asked)
    finish_revoke();
  if (stop_reason_ && !closing_ && !revoking_ && !commit_in_flight_) {
    commit_in_flight_ = event.failed ? std::nullopt : commit(assigned_partitions());
    if (!commit_in_flight_)
      close();
  }
}

void coordinator::handle(const resolved& event) {
  if (!assigning_ || assigning_->resolving != event.asked)
    return;
  bool all_known = true;
  for (const auto& one : event.beginnings) {
    if (one.failed)
      group_->observer->failed(*one.failed);
    if (one.missing)
      group_->observer->failed(out_of_range(one));
    all_known = all_known && one.offset >= 0;
  }
  if (!all_known) {
    assigning_->resolving = 0;
    cast_after(this, resolve_pause, resolve_again{});
    return;
  }
  const auto what = std::exchange(assigning_, std::nullopt)->what;
  std::vector<position> from;
  for (const auto& one : event.beginnings)
    from.push_back({one.at, one.offset});
  auto queues = consumer_->assign(what.answer, from);
  partitions_assigned news{.generation = what.generation};
  for (std::size_t index = 0; index < queues.size(); ++index) {
    const auto& where = from[index].at;
    const auto beginning = from[index].offset;
    auto record = std::make_shared<partition_record>(where, what.generation, beginning,
                                                     std::move(queues[index]), group_->epochs,
                                                     group_->settings.max_unacknowledged);
    committed_[where] = beginning;
    records_[where] = record;
    news.records.push_back(std::move(record));
  }
  group_->observer->assigned(what.generation, what.partitions);
  tell_manager(std::move(news));
}

void coordinator::handle(const ends_known&) {}

void coordinator::handle(const client_failed& event) {
  group_->observer->failed(event.what);
  if (event.what.fatal)
    stop(exit_reason::crashed(to_string(event.what)));
}

void coordinator::handle(const closed&) {
  stop(stop_reason_ ? *stop_reason_ : exit_reason::crashed("the client closed by itself"));
}

void coordinator::handle(const partition_failed& event) {
  const auto& where = event.record->where();
  const auto known = records_.find(where);
  if (known == records_.end() || known->second != event.record)
    return;
  group_->observer->failed(event.why);
  // The client has stopped the partition for good; a new assignment resolves where to go on. Of
  // anything else the next worker's seek may get it going again.
  if (event.why.code == errc::offset_out_of_range && !stop_reason_)
    stop(exit_reason::crashed(to_string(where) + ": " + to_string(event.why)));
}

void coordinator::resolve_beginnings() {
  if (assigning_ && assigning_->resolving == 0)
    assigning_->resolving = consumer_->resolve(assigning_->what.partitions, group_->settings.begin,
                                               group_->settings.when_missing);
}

void coordinator::begin_revoke(const revoked& event) {
  revoking_ = {.number = ++last_round_, .what = event};
  cast_after(this, group_->settings.drain_within, drain_deadline{revoking_->number});
  tell_manager(partitions_revoked{revoking_->number, event.partitions});
}

void coordinator::drain_overdue(kafka::round number) {
  if (!revoking_ || revoking_->number != number || revoking_->drained)
    return;
  revoking_->overdue = true;
  revoke_drained(number);
}

void coordinator::revoke_drained(kafka::round number) {
  if (!revoking_ || revoking_->number != number || revoking_->drained)
    return;
  revoking_->drained = true;
  revoking_->committing = commit(revoking_->what.partitions);
  if (revoking_->committing)
    cast_after(this, commit_within, commit_deadline{number});
  else
    finish_revoke();
}

void coordinator::finish_revoke() {
  const auto done = *std::exchange(revoking_, std::nullopt);
  let_go(done.what.partitions, false);
  consumer_->unassign(done.what.answer, done.what.partitions);
  if (done.overdue)
    tell_manager(partitions_lost{done.what.partitions});
}

void coordinator::let_go(const std::vector<topic_partition>& partitions, bool lost) {
  for (const auto& where : partitions) {
    committed_.erase(where);
    if (auto gone = records_.extract(where))
      gone.mapped()->give_up();
  }
  group_->observer->revoked(partitions, lost);
}

std::optional<token> coordinator::commit(const std::vector<topic_partition>& partitions) {
  std::vector<position> next;
  for (const auto& where : partitions) {
    const auto record = records_.find(where);
    if (record == records_.end())
      continue;
    const auto acknowledged = record->second->acknowledged();
    if (acknowledged > committed_[where])
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

void coordinator::regular_work() {
  const auto& settings = group_->settings;
  // Asking for events also tells the broker that this member is alive.
  cast_after(this, std::min(settings.commit_interval, settings.max_poll_interval / 3), tick{});
  look_at_events();
  if (!commit_in_flight_ && !revoking_ && !stop_reason_)
    commit_in_flight_ = commit(assigned_partitions());
}

void coordinator::close() {
  closing_ = true;
  consumer_->close();
  look_at_events();
}

} // namespace ottla::kafka
