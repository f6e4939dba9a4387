#include <ottla/registry/messages.hpp>
#include <ottla/registry/registry.hpp>

#include <utility>

namespace ottla {

registry::registry(caf::actor_config& config, process_context context,
                   std::shared_ptr<name_table> table)
  : process{config, std::move(context)}, table_{std::move(table)} {}

caf::behavior registry::set_up() {
  on_down(this, [this](const caf::down_msg& down) {
    if (auto held = names_of_.extract(down.source.id()))
      for (const auto& name : held.mapped())
        table_->forget(name, down.source);
  });
  // First be told of new holders, then read those there are: nobody is missed between the two.
  table_->watch_with(self());
  table_->forget_the_dead();
  for (auto& [name, holder] : table_->select(""))
    watch(holder, std::move(name));
  return {
    [this](const name_claimed& claim) { watch(claim.holder, claim.name); },
  };
}

void registry::terminated() {
  table_.reset();
}

void registry::watch(const caf::actor& holder, std::string name) {
  auto [entry, is_new] = names_of_.try_emplace(holder.address().id());
  entry->second.insert(std::move(name));
  if (is_new)
    start_watching(this, holder);
}

} // namespace ottla
