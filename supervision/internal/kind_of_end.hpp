#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/supervision/process_event.hpp>

namespace ottla {
struct child_run;
}

namespace ottla::detail {

/// The kind of event for an end without a restart, when the supervisor stops or has asked the child
/// to end. `stopped` only if the supervisor brought the end about. A child that crashes or is
/// killed by others meanwhile has `ended`, and so has a child that ends before it is asked to.
process_event::kind kind_of_end(const child_run& run, const exit_reason& why);

} // namespace ottla::detail
