#pragma once

#include <functional>

namespace ottla::kafka {

/// Runs the end of a handle, which may block, on a thread of its own: one that is stuck does not
/// hold up another's leaving of its group. await_reaped counts those that have not returned. At
/// the end of the program the remaining ones get a moment, then they are left.
void reap(std::function<void()> end_of_handle);

} // namespace ottla::kafka
