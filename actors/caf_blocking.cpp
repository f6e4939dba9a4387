#include <ottla/actors/caf_blocking.hpp>

#include <caf/logger.hpp>

namespace ottla {

system_visit::~system_visit() {
#if OTTLA_CAF_1
  caf::logger::current_logger(nullptr);
#else
  caf::logger::set_current_actor_system(nullptr);
#endif
}

bool is_actor_thread() noexcept {
  return caf::logger::current_logger() != nullptr;
}

} // namespace ottla
