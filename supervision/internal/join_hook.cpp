#include <ottla/actors/process.hpp>
#include <ottla/supervision/internal/join_hook.hpp>

#include <exception>
#include <thread>
#include <utility>

namespace ottla::detail {

bool join_hook::run(std::chrono::steady_clock::time_point until, bool inlined) {
  if (join) {
    std::packaged_task<std::optional<std::string>()> task{
      [join = std::exchange(join, nullptr)]() -> std::optional<std::string> {
        try {
          join();
          return std::nullopt;
        } catch (...) {
          return text_of(std::current_exception());
        }
      }};
    result_ = task.get_future();
    if (inlined)
      task();
    else
      std::thread{std::move(task)}.detach();
  }
  if (!result_.valid())
    return true;
  if (result_.wait_until(until) != std::future_status::ready)
    return false;
  failure_ = result_.get();
  return true;
}

bool join_hook::is_running() const {
  return result_.valid();
}

} // namespace ottla::detail
