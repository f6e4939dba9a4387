#include <ottla/kafka/group/coordinator.hpp>
#include <ottla/kafka/names.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace ottla::kafka {

caf::result<subscription> coordinator::add_topics(const subscribe_topics& request) {
  if (const auto wrong = validate_topics(request.topics); !wrong.empty())
    return make_text_error(
      fmt::format("group \"{}\": {}", group_->settings.group, fmt::join(wrong, "; ")));
  const bool changed = group_->topics->add(request.topics);
  auto all = group_->topics->topics();
  if (changed && consumer_ && !ending_.has_begun()) {
    if (is_subscribed_)
      consumer_->subscribe(all);
    // Finds out whether the topics exist, and how much memory the next handle needs.
    describe_topics();
  }
  return subscription{std::move(all)};
}

caf::result<paused_topics> coordinator::handle(const pause_topics& request) {
  if (const auto wrong = validate_topics(request.topics); !wrong.empty())
    return make_text_error(
      fmt::format("group \"{}\": {}", group_->settings.group, fmt::join(wrong, "; ")));
  group_->topics->pause(request.topics);
  for (const auto& [where, record] : records_)
    if (group_->topics->is_paused(where.topic))
      record->pause();
  return paused_topics{group_->topics->paused()};
}

caf::result<paused_topics> coordinator::handle(const resume_topics& request) {
  group_->topics->resume(request.topics);
  for (const auto& [where, record] : records_)
    if (!group_->topics->is_paused(where.topic))
      record->resume();
  return paused_topics{group_->topics->paused()};
}

caf::result<lag_report> coordinator::ask_lag() {
  if (records_.empty())
    return lag_report{};
  auto promise = make_response_promise();
  auto of = assigned_partitions();
  // A look-up waits for brokers that are down, and the look-ups of the next assignment wait behind
  // it. Repeated requests must not delay these for ever, so they share one look-up.
  const auto same
    = std::ranges::find_if(lag_questions_, [&](const auto& one) { return one.second.of == of; });
  if (same != lag_questions_.end()) {
    same->second.askers.push_back(promise);
    return promise;
  }
  const auto asked = consumer_->look_up_ends(of);
  lag_questions_.emplace(asked, lag_question{std::move(of), {promise}});
  return promise;
}

void coordinator::handle(const ends_known& event) {
  auto asked = lag_questions_.extract(event.asked);
  if (asked.empty())
    return;
  auto& askers = asked.mapped().askers;
  lag_report report;
  for (const auto& one : event.ends) {
    if (one.failed) {
      for (auto& asker : askers)
        asker.deliver(make_text_error(to_string(one.at) + ": " + to_string(*one.failed)));
      return;
    }
    // Partitions that were given up meanwhile are left out.
    if (const auto record = records_.find(one.at); record != records_.end())
      report.partitions.push_back({one.at, record->second->acknowledged(), one.offset});
  }
  for (auto& asker : askers)
    asker.deliver(report);
}

committed_offsets coordinator::list_committed() const {
  committed_offsets all;
  for (const auto& each : commits_.confirmed())
    all.partitions.push_back({each.at, each.offset});
  return all;
}

caf::result<group_aborted> coordinator::abort() {
  *group_->aborted = true;
  if (!consumer_ || stop_reason_)
    return group_aborted{};
  auto promise = make_response_promise();
  abort_questions_.push_back(promise);
  if (ending_.is_closing())
    return promise;
  group_->health->note(health_state::stalled, std::string{coordinator_name},
                       "aborted: nothing is consumed until the connection is started anew");
  cast_after(this, leave_within(), close_deadline{});
  const auto all = assigned_partitions();
  const auto unanswered = std::exchange(assigning_, std::nullopt);
  const auto wanted_back = std::exchange(revoking_, std::nullopt);
  let_go(all, true);
  tell_manager(partitions_lost{all});
  if (unanswered)
    consumer_->assign(unanswered->offer().answer, {});
  if (wanted_back)
    consumer_->unassign(wanted_back->what().answer, wanted_back->what().partitions);
  close();
  return promise;
}

void coordinator::abort_done() {
  if (!ending_.has_left())
    report_unfinished({unfinished::kind::leave, 1, "the group did not confirm that it is left"});
  // The seam continues a leave that was not confirmed in time.
  consumer_.reset();
  fail_lag_questions("the group was aborted");
  for (auto& one : std::exchange(abort_questions_, {}))
    one.deliver(group_aborted{});
}

void coordinator::fail_lag_questions(const std::string& why) {
  // A dropped promise sends no answer: the caller would wait until its deadline.
  for (auto& [asked, one] : std::exchange(lag_questions_, {}))
    for (auto& asker : one.askers)
      asker.deliver(make_text_error(why));
}

void coordinator::fail_requests() {
  fail_lag_questions("the coordinator ended");
  for (auto& one : std::exchange(abort_questions_, {}))
    one.deliver(group_aborted{});
}

} // namespace ottla::kafka
