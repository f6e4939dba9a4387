#pragma once

#include <ottla/actors/background_work.hpp>

#include <functional>
#include <string>

namespace ottla::kafka {

/// Runs the end of a handle, which may block, on a thread of its own. So a stuck handle does not
/// delay another consumer that leaves its group. If the work is owed, `run` waits for it within its
/// deadline, then cuts it short, and reports it as `name`. await_reaped counts the work that has
/// not returned. The exit of a program waits for the rest of the last stop's time, or 5 s if no
/// application was stopped. Then the program exits without waiting for the work.
void reap(std::string name, std::function<void(const background_work&)> end_of_handle,
          background value = background::owed);

} // namespace ottla::kafka
