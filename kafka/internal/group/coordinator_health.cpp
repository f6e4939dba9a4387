// The part of the coordinator that reports failures and recoveries to health.

#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/kafka/process_names.hpp>

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace ottla::kafka {

namespace {

constexpr std::string_view brokers = brokers_health;

/// Health's name for the failure. Authorization and settings have names of their own, because a
/// broker that answers clears `brokers` without proving that it accepts the member.
std::string_view concern_of(const error& what) {
  switch (what.code) {
    case errc::not_authorized: return authorization_health;
    case errc::bad_setting: return settings_health;
    default: return brokers;
  }
}

} // namespace

void coordinator::note_start() {
  // Another member may own the previous coordinator's partitions now, so their faults are stale.
  group_->health->clear_if([](const std::string& what) {
    return what != brokers && what != authorization_health && what != settings_health
           && !what.starts_with(topic_prefix);
  });
  note_no_partitions();
}

void coordinator::note_aborted() {
  group_->health->note(health_state::stalled, std::string{coordinator_name},
                       "aborted: no messages are consumed until the connection restarts");
}

void coordinator::note_no_partitions() {
  if (*group_->aborted) {
    note_aborted();
    return;
  }
  group_->health->note(health_state::starting, std::string{coordinator_name},
                       "no partitions are assigned yet");
}

void coordinator::note_brokers(const error& why) {
  group_->health->note(state_of(why), std::string{brokers}, to_string(why));
}

void coordinator::note_failed_commit(const topic_partition& of, const error& why) {
  if (is_silence(why))
    joining_.missed(time());
  // A commit may fail during a rebalance. Partitions that were given up have no health any more.
  if (why.code == errc::rebalance_in_progress || !states_.contains(of))
    return;
  fetch_failures_.erase(of);
  group_->health->note(state_of(why), health_name_of(of), "commit failed: " + to_string(why));
}

void coordinator::clear_fetch_failures() {
  std::erase_if(fetch_failures_, [this](const auto& where) {
    const auto state = states_.find(where);
    if (state == states_.end())
      return true;
    if (state->second->is_fetch_failing())
      return false;
    group_->health->clear(health_name_of(where));
    return true;
  });
}

void coordinator::handle(const handle_failed& event) {
  if (event.what.code == errc::unknown_topic)
    describe_topics(); // The answer shows which topic is missing.
  else if (!event.what.fatal || state_of(event.what) == health_state::stalled)
    group_->health->note(state_of(event.what), std::string{concern_of(event.what)},
                         to_string(event.what));
  // Notifies the observer after health, so that an observer that reads health finds the failure.
  group_->observer->failed(event.what);
  if (!event.what.fatal)
    return;
  const bool fenced = event.what.code == errc::fenced && !group_->settings.instance.empty();
  replace_handle(fenced ? rejoin_cause::fenced : rejoin_cause::failed, to_string(event.what));
}

void coordinator::handle(const handle_logged& event) {
  group_->observer->logged(event.line);
}

void coordinator::note_commit(const topic_partition& of) {
  joining_.assigned();
  fetch_failures_.erase(of);
  group_->health->clear(health_name_of(of));
  group_->health->clear(settings_health);
}

bool coordinator::in_doubt() const {
  return !is_subscribed_ || group_->health->holds(brokers)
         || group_->health->holds_below(topic_prefix);
}

} // namespace ottla::kafka
