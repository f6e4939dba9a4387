#include <ottla/actors/check_name.hpp>
#include <ottla/registry/internal/claimed_names.hpp>
#include <ottla/registry/name_events.hpp>
#include <ottla/registry/registry.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <utility>
#include <variant>

namespace ottla {

registry::registry(caf::actor_config& config, process_context context,
                   std::shared_ptr<name_table> table, std::vector<process_ref> listeners,
                   std::shared_ptr<directory> mounted_in)
  : process{config, std::move(context)},
    table_{std::move(table)},
    listeners_{std::move(listeners)},
    mounted_in_{std::move(mounted_in)} {}

caf::behavior registry::set_up() {
  mount();
  on_down(this, [this](const caf::down_msg& down) {
    watched_.erase(down.source.id());
    table_->names_->release_all(down.source);
  });
  // Subscribes to new holders before it reads the present holders, so that no holder is missed.
  auto& names = *table_->names_;
  names.report_to(address(), !listeners_.empty());
  for (auto batch = names.holders_after(0); !batch.empty();
       batch = names.holders_after(batch.back().id()))
    for (const auto& each : batch)
      watch(each);
  notify_listeners();
  return {
    [this](detail::table_changed) { read_changes(); },
  };
}

void registry::terminated() {
  listeners_.clear();
  table_.reset();
  mounted_in_.reset();
}

void registry::mount() {
  // A table without a name cannot be looked up in a directory.
  if (!mounted_in_ || table_->name().empty())
    return;
  const auto owner = mounted_in_->mount_for(self(), table_->name(), table_);
  if (owner && owner != self())
    throw std::runtime_error{
      fmt::format("name \"{}\" is taken by {}", table_->name(), describe(owner))};
}

std::string registry::state_text() const {
  return fmt::format("{} registrations, {} processes watched", table_->size(), watched_.size());
}

void registry::read_changes() {
  const auto batch = table_->names_->take_changed_holders();
  for (const auto& each : batch)
    if (each.has_names)
      watch(each.who);
    else
      unwatch(each.who);
  notify_listeners();
  if (batch.size() == detail::claimed_names::at_a_time)
    cast(this, self(), detail::table_changed{});
}

void registry::watch(const caf::actor_addr& holder) {
  if (!watched_.insert(holder.id()).second)
    return;
  if (const auto who = caf::actor_cast<caf::actor>(holder))
    start_watching(this, who);
  else
    table_->names_->release_all(holder);
}

void registry::unwatch(const caf::actor_addr& former) {
  if (watched_.erase(former.id()) == 0)
    return;
  if (const auto who = caf::actor_cast<caf::actor>(former))
    stop_watching(this, who);
}

void registry::notify_listeners() {
  for (const auto& event : table_->names_->take_events())
    for (const auto& listener : listeners_)
      listener.visit([&](const caf::actor& to) {
        std::visit([&](const auto& what) { cast(this, to, what); }, event);
      });
}

start_function start_registry(std::shared_ptr<name_table> table,
                              std::vector<std::string> listeners) {
  return [table = std::move(table), listeners = std::move(listeners)](start_context how) {
    std::vector<process_ref> processes;
    const auto names = how.process.names;
    if (names)
      for (const auto& each : listeners) {
        check_name(each);
        processes.emplace_back(names, each);
      }
    return how.spawn<registry>(table, std::move(processes), names);
  };
}

} // namespace ottla
