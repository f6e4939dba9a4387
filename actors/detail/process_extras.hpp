#pragma once

#include <ottla/actors/detail/links.hpp>
#include <ottla/actors/detail/monitors.hpp>
#include <ottla/actors/detail/observation.hpp>

namespace ottla::detail {

/// State that a process has only once it monitors or is inspected, so that other processes do not
/// pay for it.
struct process_extras {
  explicit process_extras(process& of) : seen{of} {}

  monitor_table monitors;
  observation seen;
};

} // namespace ottla::detail
