#pragma once

#include <ottla/actors/saturating.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ottla {

/// Work on threads that are no actors', which goes on when the processes that began it have ended:
/// leaving a Kafka group, destroying a handle. It registers itself, so that the end of the program
/// can wait for it, cut it short, and name it.
///
/// Thread safety: call from any thread.
class background_work {
public:
  /// Registers until it is destroyed. `name` is for reports: `the Kafka consumer of group
  /// "orders"`.
  explicit background_work(std::string name);
  ~background_work();
  background_work(const background_work&) = delete;
  background_work& operator=(const background_work&) = delete;

  /// Whether the time has run out: whoever does the work then drops what is not essential. To be
  /// asked a few times a second.
  bool is_cut_short() const noexcept { return cut_short_->load(std::memory_order_relaxed); }

private:
  std::shared_ptr<std::atomic<bool>> cut_short_;
};

/// Waits until none is registered, at most `within`.
bool wait_for_background_work(saturating<std::chrono::nanoseconds> within);

/// Tells all that is registered that the time has run out. Answers their names.
std::vector<std::string> cut_background_work_short();

/// The names of what is registered.
std::vector<std::string> names_of_background_work();

} // namespace ottla
