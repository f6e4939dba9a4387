#pragma once

#include <chrono>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace command {

/// Receives SIGINT and SIGTERM as data, so that they do not end the process. Create it before any
/// other thread starts. A signal that is ignored stays ignored, as under nohup.
///
/// Thread safety: one thread at a time.
class interruption {
public:
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// For poll(): readable when a signal has arrived.
  int descriptor() const noexcept { return descriptor_; }

  /// The first signal; nullopt if none has arrived. After the first signal, the next one ends the
  /// process.
  std::optional<int> signal();

  /// Ends the block of the signals for the calling thread. Call it on a thread that outlives the
  /// thread of signal().
  static void release_signals();

  /// Runs a call that blocks, on a thread of its own. A signal that arrives meanwhile ends the
  /// process, so nothing must need a flush or a commit yet.
  template <class Call>
  auto or_end(Call call) -> decltype(call()) {
    std::packaged_task<decltype(call())()> task{std::move(call)};
    auto answer = task.get_future();
    std::thread caller{std::move(task)};
    while (answer.wait_for(std::chrono::milliseconds{20}) != std::future_status::ready)
      if (const auto number = signal())
        end_process(*number);
    caller.join();
    return answer.get();
  }

private:
  [[noreturn]] static void end_process(int number);

  int descriptor_ = -1;
  std::optional<int> signal_ = std::nullopt;
};

} // namespace command
