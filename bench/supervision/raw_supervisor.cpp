#include "supervision/raw_supervisor.hpp"

#include "supervision/raw_child.hpp"

#include <utility>

namespace bench {

raw_supervisor::raw_supervisor(caf::actor_config& config, caf::actor load_driver,
                               std::size_t children)
  : caf::event_based_actor{config}, load_driver_{std::move(load_driver)}, wanted_{children} {}

caf::behavior raw_supervisor::make_behavior() {
  ottla::on_down(this, [this](const caf::down_msg& message) { down(message); });
  ottla::on_exit_request(this, [this](const caf::exit_msg& request) { shut_down(request); });
  for (std::size_t slot = 0; slot < wanted_; ++slot)
    start(slot);
  return {[this](start_raw_child) {
    return raw_child_started{keep(caf::actor_cast<caf::actor>(spawn<raw_child>()), 0)};
  }};
}

void raw_supervisor::on_exit() {
  // Runs after a kill, too. The children of a killed supervisor must not keep running.
  for (const auto& [id, one] : children_)
    ottla::kill(this, one.process);
  load_driver_ = {};
  children_.clear();
}

caf::actor raw_supervisor::keep(caf::actor process, std::size_t slot) {
  ottla::start_watching(this, process);
  children_.emplace(process.id(), child{process, slot});
  return process;
}

void raw_supervisor::start(std::size_t slot) {
  keep(caf::actor_cast<caf::actor>(spawn<raw_child>(load_driver_, slot)), slot);
}

void raw_supervisor::down(const caf::down_msg& message) {
  const auto gone = children_.extract(message.source.id());
  if (!stopping_) {
    if (gone)
      start(gone.mapped().slot);
  } else if (children_.empty()) {
    quit(why_);
  }
}

void raw_supervisor::shut_down(const caf::exit_msg& request) {
  stopping_ = true;
  why_ = request.reason;
  for (const auto& [id, one] : children_)
    ottla::request_exit(this, one.process, why_);
  if (children_.empty())
    quit(why_);
}

} // namespace bench
