// How the coordinator accepts an assignment. coordinator_revoke.cpp has the revokes.

#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>
#include <ottla/kafka/internal/partition/partition_error.hpp>
#include <ottla/kafka/process_names.hpp>

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto resolve_pause = 500ms;

/// The error of a partition whose log does not hold the wanted offset.
error out_of_range(const beginning& of) {
  const auto wanted = of.missing.value_or(-1);
  const bool is_in_range = wanted >= of.log_begin && wanted <= of.log_end;
  return partition_error(
    of.at, {.code = errc::offset_out_of_range,
            .text = is_in_range ? fmt::format(
                      "the log lost the record before offset {}, or was created again; "
                      "beginning at {}",
                      wanted, of.offset)
                                : fmt::format("offset {} is outside of {}..{}, beginning at {}",
                                              wanted, of.log_begin, of.log_end, of.offset)});
}

} // namespace

attached coordinator::attach_manager(const attach_request& who) {
  manager_ = who.manager.address();
  attached answer;
  // Leaves out drained partitions, which only wait for their last commit. The manager must not
  // start workers for them again.
  for (const auto& [where, state] : states_)
    if (!revoking_ || !revoking_->has_drained(where))
      answer.states.push_back(state);
  if (revoking_ && !revoking_->is_drained())
    answer.pending = partitions_revoked{revoking_->number(), revoking_->what().partitions};
  return answer;
}

void coordinator::handle(const assigned& event) {
  generation_ = event.generation;
  joining_.assigned();
  if (ending_.has_begun()) {
    consumer_->assign(event.answer, {});
    return;
  }
  assigning_.emplace(event);
  resolve_beginnings();
}

void coordinator::handle(const resolved& event) {
  if (!assigning_ || !assigning_->answers(event))
    return;
  for (const auto& one : assigning_->take(event))
    group_->observer->failed(partition_error(one.at, *one.failed));
  // One partition without a first offset blocks all other partitions of the assignment.
  for (const auto& one : event.beginnings)
    if (one.offset < 0 && one.failed)
      group_->health->note(one.failed->retriable ? health_state::degraded : health_state::stalled,
                           health_name_of(one.at),
                           "cannot resolve the first offset: " + to_string(*one.failed));
  if (assigning_->is_pending())
    return;
  if (!assigning_->is_complete()) {
    cast_after(this, resolve_pause, resolve_again{});
    return;
  }
  const auto ready = *std::exchange(assigning_, std::nullopt);
  accept(ready.offer(), ready.beginnings());
}

void coordinator::accept(const assigned& what, const std::vector<beginning>& beginnings) {
  std::vector<position> from;
  for (const auto& one : beginnings) {
    from.push_back({one.at, one.offset});
    if (one.missing)
      group_->observer->failed(out_of_range(one));
  }
  auto queues = consumer_->assign(what.answer, from);
  partitions_assigned news;
  for (std::size_t index = 0; index < queues.size(); ++index)
    news.states.push_back(make_state(beginnings[index], what.generation, std::move(queues[index])));
  share_memory();
  group_->health->clear(coordinator_name);
  group_->health->clear(authorization_health);
  group_->health->clear(settings_health);
  group_->observer->assigned(what.generation, what.partitions);
  tell_manager(std::move(news));
}

void coordinator::commit_beginnings() {
  if (ledger_.take_new_beginnings() && consumer_ && !revoking_ && !ledger_.is_pending())
    commit_kept();
}

state_ptr coordinator::make_state(const beginning& from, std::int32_t generation,
                                  std::unique_ptr<partition_queue> queue) {
  auto state = std::make_shared<partition_state>(from.at, generation, from.offset, std::move(queue),
                                                 group_->epochs,
                                                 group_->settings.max_unacknowledged, from.missing);
  if (group_->topics->is_paused(from.at.topic))
    state->pause();
  if (group_->groupless)
    group_->groupless->offsets->begin(from.at, state->number(), from.offset);
  ledger_.begin(from);
  group_->health->clear(health_name_of(from.at));
  states_[from.at] = state;
  return state;
}

void coordinator::share_memory() {
  if (states_.empty())
    return;
  const auto budget = make_memory_budget(group_->settings.memory_bytes);
  const auto share = budget.share(states_.size(), opened_for_);
  for (const auto& [where, state] : states_)
    state->limit_bytes(share);
}

void coordinator::resolve_beginnings() {
  if (!assigning_ || assigning_->is_pending())
    return;
  const auto is_new
    = [this](const std::string& topic) { return missing_topics_.was_missing(topic); };
  for (const auto& each : assigning_->look_ups(group_->settings.begin, is_new))
    assigning_->sent(
      consumer_->resolve(each.partitions, each.otherwise, group_->settings.when_missing));
}

} // namespace ottla::kafka
