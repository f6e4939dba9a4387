#pragma once

#include <ottla/supervision/child_spec.hpp>

#include <string>
#include <utility>

namespace ottla::test {

// Each function returns a changed copy of a spec.

inline child_spec with(child_spec spec, restart_policy restart) {
  spec.restart = restart;
  return spec;
}

inline child_spec with(child_spec spec, shutdown_policy shutdown) {
  spec.shutdown = shutdown;
  return spec;
}

inline child_spec significant(child_spec spec, restart_policy restart) {
  spec.restart = restart;
  spec.significant = true;
  return spec;
}

inline child_spec named(child_spec spec, std::string name) {
  spec.name = std::move(name);
  return spec;
}

} // namespace ottla::test
