#include <ottla/supervision/internal/child_row.hpp>

#include <utility>

namespace ottla {

void child_run::open_calls::answer_starter(child_result what) {
  if (auto promise = std::exchange(starter, {}); promise.pending())
    promise.deliver(std::move(what));
}

void child_run::open_calls::answer_terminators() {
  for (auto& promise : std::exchange(terminators, {}))
    if (promise.pending())
      promise.deliver(child_result{});
}

child_run::open_calls& child_run::make_calls() {
  if (!calls)
    calls = std::make_unique<open_calls>();
  return *calls;
}

void child_run::answer_starter(child_result what) {
  if (calls)
    calls->answer_starter(std::move(what));
}

void child_run::answer_terminators() {
  if (calls)
    calls->answer_terminators();
}

child_status child_row::status(bool waits) const noexcept {
  if (!is_running())
    return waits ? child_status::restarting : child_status::down;
  if (run.is_ending)
    return child_status::ending;
  return run.is_up ? child_status::up : child_status::starting;
}

} // namespace ottla
