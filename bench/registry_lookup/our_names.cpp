#include "registry_lookup/our_names.hpp"

#include <ottla/actors/call.hpp>
#include <ottla/actors/introspection.hpp>

#include <stdexcept>

namespace bench {

our_names::our_names(caf::actor_system& system)
  : system_{system},
    registry_{caf::actor_cast<caf::actor>(
      system.spawn<ottla::registry>(ottla::process_context{}, table_))} {
  settle();
}

our_names::~our_names() {
  ottla::kill(registry_);
}

void our_names::settle() {
  // The registry answers after it has handled all earlier messages in its mailbox.
  if (!ottla::call<std::string>(system_, registry_, ottla::infinity, ottla::get_state{}))
    throw std::runtime_error{"the registry has ended"};
}

} // namespace bench
