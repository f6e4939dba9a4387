#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/kafka/process_names.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace ottla::kafka {

caf::result<lag_report> coordinator::ask_lag() {
  if (records_.empty())
    return lag_report{};
  auto promise = make_response_promise();
  auto of = assigned_partitions();
  // A look-up waits for brokers that are down, and delays the look-ups of the next assignment.
  // Repeated requests share one look-up, so that they cannot delay an assignment without limit.
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
    // Leaves out partitions that were given up during the look-up.
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
                       "aborted: no messages are consumed until the connection restarts");
  cast_after(this, leave_within(), close_deadline{});
  const auto all = assigned_partitions();
  const auto unanswered = std::exchange(assigning_, std::nullopt);
  const auto wanted_back = std::exchange(revoking_, std::nullopt);
  give_back(all, true);
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
    report_unfinished({unfinished::kind::leave, 1, "the group did not confirm the leave"});
  // The seam continues an unconfirmed leave in the background.
  consumer_.reset();
  fail_lag_questions("the group was aborted");
  for (auto& one : std::exchange(abort_questions_, {}))
    one.deliver(group_aborted{});
}

void coordinator::fail_lag_questions(const std::string& why) {
  // A dropped promise sends no answer, and the caller would wait until its deadline.
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
