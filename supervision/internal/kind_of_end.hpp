#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/supervision/process_event.hpp>

namespace ottla {
struct child_run;
}

namespace ottla::detail {

/// The kind of event for the end of a child that was asked to end, or whose supervisor is stopping.
/// `stopped` if the supervisor caused the end. `ended` if the child crashed, was killed by another
/// process, or ended before the request.
process_event::kind kind_of_end(const child_run& run, const exit_reason& why);

} // namespace ottla::detail
