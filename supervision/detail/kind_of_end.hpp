#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/supervision/process_event.hpp>

namespace ottla {
struct child_run;
}

namespace ottla::detail {

/// How an end is told that no restart follows, since the supervisor stops or asked the child to
/// end: `stopped` only if the supervisor brought the end about. A child that crashes or that
/// somebody else kills meanwhile has `ended`, and so has a child that ends before it is asked to.
process_event::kind kind_of_end(const child_run& run, const exit_reason& why);

} // namespace ottla::detail
