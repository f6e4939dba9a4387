#include <ottla/kafka/internal/group/assignment_hooks.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>
#include <ottla/kafka/process_names.hpp>

#include <exception>
#include <span>
#include <stdexcept>
#include <string>

namespace ottla::kafka {

void call_assignment_received(const group_context& group, const state_ptr& state) {
  const auto& hook = group.settings.assignment_received;
  const auto& where = state->where();
  if (group.hooks->has_seen(where, state->number()))
    return;
  // An earlier assignment of this partition may have ended while no group manager lived.
  call_assignments_revoked(group, group.hooks->take_ended(std::span{&where, 1}));
  if (hook) {
    const auto refusal = hook({.group = group.settings.group,
                               .where = where,
                               .generation = state->generation(),
                               .begins_at = state->next_to_commit()});
    if (refusal) {
      auto text = "assignment_received rejected " + to_string(where) + ": " + cut_text(*refusal);
      group.health->note(health_state::stalled, std::string{group_manager_name}, text);
      throw std::runtime_error{text};
    }
  }
  group.hooks->note_seen(where, state->number());
  group.health->clear(group_manager_name);
}

void call_assignments_revoked(const group_context& group,
                              const std::vector<topic_partition>& ended) {
  const auto& hook = group.settings.assignments_revoked;
  if (!hook || ended.empty())
    return;
  try {
    hook(ended);
  } catch (const std::exception& thrown) {
    group.observer->failed(
      {.text = "assignments_revoked threw: " + on_one_line(cut_text(thrown.what()))});
  } catch (...) {
    group.observer->failed({.text = "assignments_revoked threw"});
  }
}

} // namespace ottla::kafka
