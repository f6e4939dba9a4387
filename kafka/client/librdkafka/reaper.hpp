#pragma once

#include <ottla/actors/background_work.hpp>

#include <functional>
#include <string>

namespace ottla::kafka {

/// Runs the end of a handle, which may block, on a thread of its own: one that is stuck does not
/// hold up another's leaving of its group. `run` waits for it within its deadline, cuts it short
/// then, and calls it `name` in its report; await_reaped counts those that have not returned. At
/// the end of a program without `run` the remaining ones get 5 s, then they are left.
void reap(std::string name, std::function<void(const background_work&)> end_of_handle);

} // namespace ottla::kafka
