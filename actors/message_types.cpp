#include <ottla/actors/caf.hpp>

#include <utility>
#include <vector>

namespace ottla {

namespace {

std::vector<void (*)()>& announced() {
  static std::vector<void (*)()> all;
  return all;
}

} // namespace

void init_message_types() {
#if OTTLA_CAF_1
  static const bool core = [] {
    caf::core::init_global_meta_objects();
    return true;
  }();
  static_cast<void>(core);
#endif
  for (auto* init : std::exchange(announced(), {}))
    init();
}

bool detail::announce_types(void (*init)()) {
  announced().push_back(init);
  return true;
}

} // namespace ottla
