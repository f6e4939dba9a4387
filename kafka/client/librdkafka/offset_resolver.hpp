#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace ottla::kafka {

/// Blocking look-ups of offsets, one after the other on a thread of its own, which starts with the
/// first of them.
class offset_resolver {
public:
  /// Asked in between, and before the answer is given: true once nobody wants it any more.
  using stop_signal = std::function<bool()>;
  /// Runs on the resolver's thread.
  using question = std::function<void(const stop_signal& give_up)>;

  /// Runs on the resolver's thread too.
  using idle_work = std::function<void()>;

  /// `when_idle` is called when no question has come for `idle_after`, once after each question.
  explicit offset_resolver(idle_work when_idle = {},
                           std::chrono::milliseconds idle_after = std::chrono::minutes{1});
  /// Waits for the look-up that is running; stop() first where that must not happen.
  ~offset_resolver();
  offset_resolver(const offset_resolver&) = delete;
  offset_resolver& operator=(const offset_resolver&) = delete;

  void ask(question what);

  /// Does not wait: what was not begun is not asked, and what is running is told to give up.
  void stop();

private:
  void run();

  const idle_work when_idle_;
  const std::chrono::milliseconds idle_after_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<question> waiting_;
  bool stopped_ = false;
  std::thread thread_;
};

} // namespace ottla::kafka
