#pragma once

#include <ottla/actors/background_work.hpp>

#include <functional>
#include <string>

namespace ottla::kafka {

/// Runs the end of a handle, which may block, on a thread of its own: one that is stuck does not
/// hold up another's leaving of its group. If the work is owed, `run` waits for it within its
/// deadline, cuts it short then, and calls it `name` in its report. await_reaped counts those that
/// have not returned. The exit of a program waits for the rest of the last stop's time, or 5 s if
/// no application was stopped. Then the work is left.
void reap(std::string name, std::function<void(const background_work&)> end_of_handle,
          background value = background::owed);

} // namespace ottla::kafka
