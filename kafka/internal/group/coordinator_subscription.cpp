// The part of the coordinator that describes the group's topics, subscribes to them, and adds,
// pauses and resumes topics.

#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/kafka/internal/groupless/partition_choice.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ottla::kafka {

void coordinator::describe_topics() {
  if (!missing_topics_.begin(time()))
    return;
  auto topics = group_->topics->topics();
  group_->driver->describe_topics(topics,
                                  [me = caf::actor_addr{address()}, topics](const auto& result) {
                                    if (auto self = caf::actor_cast<caf::actor>(me))
                                      post(self, topics_described{topics, result});
                                  });
}

void coordinator::note_topics(const topics_described& found) {
  missing_topics_.answered();
  if (!consumer_ || ending_.has_begun())
    return;
  if (const auto* why = std::get_if<error>(&found.result)) {
    note_brokers(*why);
    group_->observer->failed(*why);
    if (is_silence(*why))
      joining_.no_broker_answers(time());
    return;
  }
  const auto wanted = group_->topics->topics();
  if (found.topics != wanted) {
    describe_topics(); // Topics were added during the request.
    return;
  }
  const auto& known = std::get<std::vector<topic_info>>(found.result);
  const auto topics = missing_topics_.compare(wanted, known);
  for (const auto& topic : topics.missing)
    group_->health->note(health_state::degraded, std::string{topic_prefix} + topic,
                         "the topic does not exist, or this client may not describe it");
  for (const auto& topic : topics.present)
    group_->health->clear(std::string{topic_prefix} + topic);
  note_missing_partitions(known);
  if (topics.partitions > *group_->planned_partitions)
    *group_->planned_partitions = topics.partitions;
  if (is_subscribed_) {
    consumer_->see_topics(known);
    if (topics.partitions > 0)
      replace_if_stuck();
    return;
  }
  // The memory of a handle is fixed when the handle is opened. Reopening is cheap here, because the
  // handle has not joined the group yet.
  if (*group_->planned_partitions > opened_for_)
    if (const auto refused = open()) {
      group_->observer->failed(*refused);
      replace_handle(rejoin_cause::failed, to_string(*refused));
      return;
    }
  is_subscribed_ = true;
  joining_.waits(time());
  consumer_->see_topics(known);
  consumer_->subscribe(wanted);
}

void coordinator::note_missing_partitions(const std::vector<topic_info>& known) {
  if (!group_->groupless)
    return;
  const auto& listed = group_->groupless->settings.partitions;
  for (const auto& topic : known)
    if (const auto text
        = text_of_missing(choose_partitions(listed, topic.partitions), topic.partitions);
        !text.empty())
      group_->health->note(health_state::degraded, std::string{topic_prefix} + topic.name, text);
}

caf::result<subscription> coordinator::add_topics(const subscribe_topics& request) {
  if (group_->groupless)
    return make_text_error(title_of(*group_) + ": a consumer without a group reads one topic");
  if (const auto wrong = validate_topics(request.topics); !wrong.empty())
    return make_text_error(fmt::format("{}: {}", title_of(*group_), fmt::join(wrong, "; ")));
  const bool changed = group_->topics->add(request.topics);
  auto all = group_->topics->topics();
  if (changed && consumer_ && !ending_.has_begun()) {
    if (is_subscribed_)
      consumer_->subscribe(all);
    // The answer shows whether the topics exist, and how much memory the next handle needs.
    describe_topics();
  }
  return subscription{std::move(all)};
}

caf::result<paused_topics> coordinator::handle(const pause_topics& request) {
  if (const auto wrong = validate_topics(request.topics); !wrong.empty())
    return make_text_error(fmt::format("{}: {}", title_of(*group_), fmt::join(wrong, "; ")));
  group_->topics->pause(request.topics);
  for (const auto& [where, state] : states_)
    if (group_->topics->is_paused(where.topic))
      state->pause();
  return paused_topics{group_->topics->paused()};
}

caf::result<paused_topics> coordinator::handle(const resume_topics& request) {
  group_->topics->resume(request.topics);
  for (const auto& [where, state] : states_)
    if (!group_->topics->is_paused(where.topic))
      state->resume();
  return paused_topics{group_->topics->paused()};
}

} // namespace ottla::kafka
