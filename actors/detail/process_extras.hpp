#pragma once

#include <ottla/actors/detail/links.hpp>
#include <ottla/actors/detail/monitors.hpp>
#include <ottla/actors/detail/observation.hpp>

namespace ottla::detail {

/// What a process has only once it monitors or is looked at, so that an idle one costs nothing
/// more.
struct process_extras {
  explicit process_extras(process& of) : seen{of} {}

  monitor_table monitors;
  observation seen;
};

} // namespace ottla::detail
