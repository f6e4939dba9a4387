#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace ottla::kafka {

/// When each handler process last answered a batch. Several workers may share a process: while the
/// process handles a batch, the batches of the other workers wait in its mailbox. This object
/// survives restarts of the group's processes.
///
/// Thread safety: call from any thread.
class handler_process_answers {
public:
  /// A process's name. A process given by its handle has an empty name and the handle's number.
  using process = std::pair<std::string, std::uint64_t>;

  struct handler_view {
    /// nullopt if the process has never answered.
    std::optional<std::chrono::nanoseconds> last_answer = std::nullopt;
    /// Number of workers that send batches to the process.
    std::size_t workers = 0;
  };

  /// `worker` is the unique number of a worker.
  void begin(std::uint64_t worker, process handler);
  void end(std::uint64_t worker);
  void answered(std::uint64_t worker, std::chrono::nanoseconds now);

  /// The handler process of the worker; nullopt if the worker has no handler process.
  std::optional<handler_view> handler_of(std::uint64_t worker) const;

  /// Whether `handler` has held a batch for too long. The batch was first seen at `since`. As long
  /// as the process keeps answering, it is handling the batches of other workers, so the time
  /// starts again at each answer. The upper bound is `limit` times the number of workers, because a
  /// process that handles batches in turn answers within that time.
  static bool is_overdue(const handler_view& handler, std::chrono::nanoseconds since,
                         std::chrono::nanoseconds now, std::chrono::nanoseconds limit);

private:
  mutable std::mutex guard_;
  std::map<std::uint64_t, process> workers_;
  /// Only processes that handle batches of a living worker.
  std::map<process, handler_view> handlers_;
};

} // namespace ottla::kafka
