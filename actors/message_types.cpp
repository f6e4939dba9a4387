#include <ottla/actors/caf.hpp>

#include <unordered_map>
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

#if OTTLA_CAF_1
namespace {

/// Written before the first actor_system, read-only from then on, as CAF's own table of types.
std::unordered_map<caf::type_id_t, detail::to_text>& texts() {
  static std::unordered_map<caf::type_id_t, detail::to_text> all;
  return all;
}

} // namespace

void detail::announce_text(caf::type_id_t type, to_text how) {
  texts()[type] = how;
}

detail::to_text detail::announced_text(caf::type_id_t type) noexcept {
  const auto found = texts().find(type);
  return found == texts().end() ? nullptr : found->second;
}
#endif

} // namespace ottla
