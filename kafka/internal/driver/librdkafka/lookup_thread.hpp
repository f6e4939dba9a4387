#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace ottla::kafka {

/// Runs blocking look-ups of offsets one after the other, on a thread of its own. The thread starts
/// with the first look-up.
class lookup_thread {
public:
  /// Returns true if the answer is no longer needed. A look-up calls this function between its
  /// steps, and before posting the answer.
  using stop_signal = std::function<bool()>;
  /// Runs on this object's thread.
  using question = std::function<void(const stop_signal& give_up)>;

  /// Also runs on this object's thread.
  using idle_work = std::function<void()>;

  /// `when_idle` is called when no question has come for `idle_after`. It is called at most once
  /// between two questions.
  explicit lookup_thread(idle_work when_idle = {},
                         std::chrono::milliseconds idle_after = std::chrono::minutes{1});
  /// Calls stop(), then waits for the running look-up to give up. An earlier call of stop()
  /// shortens the wait.
  ~lookup_thread();
  lookup_thread(const lookup_thread&) = delete;
  lookup_thread& operator=(const lookup_thread&) = delete;

  void ask(question what);

  /// Drops the pending questions, and makes the running question give up. Does not wait.
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
