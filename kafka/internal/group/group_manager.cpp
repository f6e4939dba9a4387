#include <ottla/kafka/internal/group/assignment_hooks.hpp>
#include <ottla/kafka/internal/group/drain_deadline.hpp>
#include <ottla/kafka/internal/group/group_manager.hpp>
#include <ottla/kafka/internal/health/health_messages.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/internal/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto check_interval = 1s;
/// Prefix of all worker names.
constexpr std::string_view worker_prefix = "worker/";

} // namespace

group_manager::group_manager(caf::actor_config& config, process_context context,
                             group_context_ptr group)
  : process{config, std::move(context)}, group_{std::move(group)} {}

caf::behavior group_manager::set_up() {
  if (auto* tree = tree_of(context()))
    needs_time_.emplace(tree->stop);
  on_down(this, [this](const caf::down_msg& down) {
    died({down.source, to_string(to_exit_reason(down.reason))});
  });
  attach_to_coordinator();
  cast_after(this, check_interval, tick{});
  return {
    [this](attach_again) { attach_to_coordinator(); },
    [](sign_of_life) {},
    [this](const partitions_assigned& assigned) {
      note_change();
      if (knows_all())
        add(assigned);
    },
    [this](const partitions_revoked& revoked) {
      note_change();
      if (knows_all())
        begin_drain(revoked);
    },
    [this](const partitions_lost& lost) {
      note_change();
      if (knows_all())
        forget(lost);
    },
    [this](const worker_died& worker) { died(worker); },
    [this](const start_worker& again) {
      if (const auto found = slots_.find(again.name); found != slots_.end())
        found->second.wait_ended();
      settle(again.name);
    },
    [this](tick) {
      check_workers();
      cast_after(this, check_interval, tick{});
    },
    [this](const find_worker& request) { return find(request); },
    [this](last_drain_overdue) {
      if (stop_reason_)
        stop(*stop_reason_);
    },
  };
}

void group_manager::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  stop_reason_ = why;
  for (auto& [name, slot] : slots_) {
    for (const auto& [where, state] : slot.wanted) {
      to_flush_.push_back(where);
      // assignments_revoked does not get this partition now. If only this process ends, the
      // partition stays assigned. If the whole group ends, the coordinator calls the hook.
      if (!state->is_given_up())
        still_assigned_.insert(where);
    }
    slot.wanted.clear();
  }
  settle_all();
  const auto drain_time
    = last_drain_time(group_->settings, time_to_end(context(), now().time_since_epoch()),
                      is_tree_stopping(context()));
  cast_after(this, drain_time, last_drain_overdue{});
  flush_when_drained();
}

void group_manager::terminated() {
  needs_time_.reset();
  slots_.clear();
  for (auto& [where, one] : std::exchange(seekers_, {}))
    one.deliver(make_text_error("the group manager ended"));
}

void group_manager::attach_to_coordinator() {
  const auto coordinator = whereis(coordinator_name);
  const auto workers = whereis(worker_supervisor_name);
  const auto again = [this](const caf::error&) { attach_later(); };
  if (!coordinator || !workers) {
    again({});
    return;
  }
  send_request(
    this, coordinator, answer_within, attach_request{self()},
    [this, workers](const attached& answer) { take_over(answer, workers); }, again);
}

void group_manager::take_over(const attached& answer, const caf::actor& workers) {
  // Keeps workers that survived the previous manager.
  send_request(
    this, workers, answer_within, which_children{},
    [this, answer](const child_list& workers_now) {
      if (stop_reason_)
        return;
      if (std::exchange(outdated_, false)) {
        attach_to_coordinator();
        return;
      }
      attached_ = true;
      absences_ = backoff{siblings_away};
      recognize(answer, workers_now);
    },
    [this](const caf::error&) { attach_later(); });
}

void group_manager::attach_later() {
  cast_after(this, absences_.failed(time()), attach_again{});
}

void group_manager::recognize(const attached& answer, const child_list& workers_now) {
  take_assignment(answer);
  clear_stale_health();
  adopt_workers(workers_now);
  restore_failures();
  if (answer.pending)
    begin_drain(*answer.pending);
  settle_all();
  answer_seekers();
}

void group_manager::take_assignment(const attached& answer) {
  std::set<std::uint64_t> current;
  for (const auto& state : answer.states) {
    current.insert(state->number());
    slot_of(state->where()).wanted[state->where()] = state;
  }
  tell_revoked(*group_, group_->hooks->take_all_but(current));
  for (const auto& state : answer.states)
    tell_assigned(state);
}

void group_manager::clear_stale_health() {
  // Clears faults of workers whose partitions were given up while no manager lived.
  group_->health->clear(group_manager_name);
  group_->health->clear_if([this](const std::string& what) {
    return what.starts_with(worker_prefix) && !slots_.contains(what);
  });
  for (const auto& one : group_->health->report().reasons)
    if (one.state == health_state::starting && one.what.starts_with(worker_prefix))
      group_->health->clear(one.what);
}

void group_manager::adopt_workers(const child_list& workers_now) {
  for (const auto& child : workers_now.children) {
    const bool is_up = child.status == child_status::up;
    if (!is_up && child.status != child_status::starting)
      continue;
    auto& slot = slots_.try_emplace(child.id, group_->settings.worker_restarts).first->second;
    for (const auto& [where, state] : slot.wanted)
      if (state->holder() == child.process.id())
        slot.current.push_back(state);
    if (is_up) {
      watch(slot, child.process);
    } else {
      slot.began_start(++starts_, worker_slot::outcome_source::child_list);
      slot.worker = child.process;
      note_starting(child.id, slot);
    }
    // The worker holds no lease of a wanted partition, so its acknowledgements are rejected. Its
    // handler may hang, so a drain might not end.
    if (slot.current.empty())
      end_worker(slot);
  }
}

void group_manager::restore_failures() {
  // The previous manager's failure count is lost. A fault on the health board shows that the worker
  // has failed and not recovered.
  for (auto& [name, slot] : slots_)
    if (!slot.says_starting && group_->health->holds(name))
      slot.recovery.failed(worker_slot::snapshots(slot.wanted_states()));
}

void group_manager::settle_all() {
  // Copies the names, since settle() may erase a slot.
  std::vector<std::string> names;
  for (const auto& [name, slot] : slots_)
    names.push_back(name);
  for (const auto& name : names)
    settle(name);
}

void group_manager::add(const partitions_assigned& assigned) {
  if (stop_reason_)
    return;
  std::set<std::string> touched;
  for (const auto& state : assigned.states)
    tell_assigned(state);
  for (const auto& state : assigned.states) {
    auto& slot = slot_of(state->where());
    slot.wanted[state->where()] = state;
    slot.not_before = time() + group_->settings.rebalance_delay;
    touched.insert(name_of(state->where()));
  }
  for (const auto& name : touched)
    settle(name);
}

void group_manager::forget(const partitions_lost& lost) {
  std::set<std::string> touched;
  for (const auto& where : lost.partitions) {
    const auto name = name_of(where);
    const auto found = slots_.find(name);
    if (found == slots_.end())
      continue;
    auto& slot = found->second;
    slot.wanted.erase(where);
    touched.insert(name);
    if (std::ranges::any_of(slot.current, [&](const auto& one) { return one->where() == where; }))
      end_worker(slot);
  }
  if (const auto acknowledger = whereis(acknowledger_name))
    cast(this, acknowledger, lost);
  for (const auto& name : touched)
    settle(name);
  answer_seekers();
  tell_revoked(*group_, group_->hooks->take_ended(lost.partitions));
  flush_when_drained();
}

bool group_manager::wants(const topic_partition& where) const {
  const auto found = slots_.find(name_of(where));
  return found != slots_.end() && found->second.wanted.contains(where);
}

void group_manager::tell_assigned(const state_ptr& state) {
  const auto& hook = group_->settings.assignment_received;
  const auto& where = state->where();
  if (group_->hooks->has_seen(where, state->number()))
    return;
  // An earlier assignment of this partition may have ended while no manager lived.
  tell_revoked(*group_, group_->hooks->take_ended(std::span{&where, 1}));
  if (hook) {
    const auto refusal = hook({.group = group_->settings.group,
                               .where = where,
                               .generation = state->generation(),
                               .begins_at = state->next_to_commit()});
    if (refusal) {
      auto text = "assignment_received rejected " + to_string(where) + ": " + cut_text(*refusal);
      group_->health->note(health_state::stalled, std::string{group_manager_name}, text);
      throw std::runtime_error{text};
    }
  }
  group_->hooks->note_seen(where, state->number());
  group_->health->clear(group_manager_name);
}

} // namespace ottla::kafka
