#include <ottla/kafka/internal/connection_supervisor.hpp>
#include <ottla/kafka/internal/producer/deadline_messages.hpp>
#include <ottla/kafka/process_names.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <any>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace ottla::kafka {

namespace {

/// Whether the name is reserved for a process of the connection itself.
bool is_of_a_connection(std::string_view name) {
  constexpr std::array own{
    registry_name,          producer_name,      coordinator_name, acknowledger_name,
    worker_supervisor_name, group_manager_name, health_name,      admin_name};
  return std::ranges::find(own, name) != own.end() || name.starts_with("worker/")
         || name.starts_with("consumer/");
}

/// Copies the names of the program's own processes to the new table. A process of the program may
/// have a name below the connection's name, and keeps it when the connection is restarted.
void keep_names_of_strangers(const std::shared_ptr<directory>& before, name_table& now) {
  const auto table = std::dynamic_pointer_cast<const name_table>(before);
  if (!table)
    return;
  for (const auto& each : table->select(""))
    if (!is_of_a_connection(each.name))
      now.claim(each.name, each.holder, each.value ? *each.value : std::any{});
}

} // namespace

connection_supervisor::connection_supervisor(caf::actor_config& config, process_context context,
                                             supervisor_spec spec,
                                             std::shared_ptr<name_table> names,
                                             std::shared_ptr<directory> above,
                                             std::shared_ptr<producer_gate> gate)
  : supervisor{config, std::move(context), std::move(spec)},
    names_{std::move(names)},
    above_{std::move(above)},
    gate_{std::move(gate)} {}

caf::message_handler connection_supervisor::further_handlers() {
  // Mounts before any child starts. Otherwise the children of a second connection with this name
  // would take the names of the first connection's children.
  const auto above = std::exchange(above_, nullptr);
  const auto names = std::exchange(names_, nullptr);
  caf::message_handler handlers;
  if (gate_)
    handlers = {
      [this](deadline_added) { watch_deadlines(); },
      [this](const deadline_timer& timer) { answer_overdue(timer.at); },
    };
  if (!above) {
    begin_life();
    return handlers;
  }
  const auto before = above->mounted(names->name());
  const auto owner = above->mount_for(self(), names->name(), names);
  if (owner && owner != self())
    throw std::runtime_error{
      fmt::format("name \"{}\" is taken by {}", names->name(), describe(owner))};
  keep_names_of_strangers(before, *names);
  begin_life();
  return handlers;
}

void connection_supervisor::begin_life() {
  if (gate_)
    gate_->begin_life(this, [me = caf::actor_addr{address()}] {
      if (auto self = caf::actor_cast<caf::actor>(me))
        post(self, deadline_added{});
    });
}

void connection_supervisor::answer_overdue(std::chrono::nanoseconds timer) {
  timers_.fired(timer_plan::time{timer});
  gate_->expire(now());
  watch_deadlines();
}

void connection_supervisor::watch_deadlines() {
  const auto at = now();
  if (const auto next = timers_.plan(at, gate_->next_deadline()))
    cast_after(this, *next - at, deadline_timer{next->time_since_epoch()});
}

void connection_supervisor::terminated() {
  supervisor::terminated();
  // The producer's process may be dead or hang, and then ends nothing itself.
  if (gate_)
    gate_->end_life(this);
}

} // namespace ottla::kafka
