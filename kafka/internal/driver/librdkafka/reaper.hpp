#pragma once

#include <ottla/actors/background_work.hpp>

#include <functional>
#include <string>

namespace ottla::kafka {

/// Runs `end_of_handle`, which may block, on a thread of its own. So a stuck handle does not delay
/// another consumer that leaves its group. `run` waits for owed work until shortly before the
/// deadline of the stop. At that time `run` cuts the work short, and reports `name`. await_reaped()
/// counts the work that has not returned. At exit, the program waits until the deadline of the last
/// stop, or for 5 s if no application was stopped. After that, the program exits and abandons the
/// work.
void reap(std::string name, std::function<void(const background_work&)> end_of_handle,
          background value = background::owed);

} // namespace ottla::kafka
