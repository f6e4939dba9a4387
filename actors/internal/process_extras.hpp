#pragma once

#include <ottla/actors/internal/links.hpp>
#include <ottla/actors/internal/monitors.hpp>
#include <ottla/actors/internal/observation.hpp>

namespace ottla::detail {

/// State of monitors and introspection. Allocated when a process first monitors or is inspected, so
/// that other processes do not pay for it.
struct process_extras {
  explicit process_extras(process& of) : seen{of} {}

  monitor_table monitors;
  observation seen;
};

} // namespace ottla::detail
