#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/internal/dynamic_supervisor.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

namespace ottla {

dynamic_supervisor_spec::operator child_spec() const {
  return {.id = id,
          .start = start<dynamic_supervisor>(*this),
          .type = child_type::supervisor,
          .name = name,
          .faults = validate(*this)};
}

std::vector<std::string> validate(const dynamic_supervisor_spec& spec) {
  return validate(supervisor_spec{.id = spec.id, .restarts = spec.restarts});
}

} // namespace ottla
