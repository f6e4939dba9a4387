#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/supervision/process_event.hpp>

namespace ottla {
struct child_run;
}

namespace ottla::detail {

/// The kind of event for the end of a child. `stopped` if the supervisor caused the end. `ended` if
/// the child ended by itself, crashed, or was killed by another process.
process_event::kind kind_of_end(const child_run& run, const exit_reason& why);

} // namespace ottla::detail
