// How the coordinator answers get_lag. It collects two offsets of each partition. The lag is their
// difference: lag_report::entry::lag() in group_requests.hpp.

#include <ottla/kafka/internal/group/coordinator.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace ottla::kafka {

caf::result<lag_report> coordinator::ask_lag() {
  if (states_.empty())
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
    // Leaves out partitions that were given up during the look-up.
    const auto state = states_.find(one.at);
    if (state == states_.end())
      continue;
    if (one.failed) {
      for (auto& asker : askers)
        asker.deliver(make_text_error(to_string(one.at) + ": " + to_string(*one.failed)));
      return;
    }
    report.partitions.push_back({one.at, state->second->next_to_commit(), one.offset});
  }
  for (auto& asker : askers)
    asker.deliver(report);
}

void coordinator::fail_lag_questions(const std::string& why) {
  // In CAF 0.17 a dropped promise sends no answer, so the caller would wait until its deadline.
  for (auto& [asked, one] : std::exchange(lag_questions_, {}))
    for (auto& asker : one.askers)
      asker.deliver(make_text_error(why));
}

} // namespace ottla::kafka
