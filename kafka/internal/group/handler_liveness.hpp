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
/// process handles a batch, the batches of the other workers wait in its mailbox. Survives restarts
/// of the group's processes.
///
/// Thread safety: call from any thread.
class handler_liveness {
public:
  /// A process's name. For a process given by its handle: an empty name and the handle's number.
  using process = std::pair<std::string, std::uint64_t>;

  struct handler_view {
    /// nullopt: never.
    std::optional<std::chrono::nanoseconds> last_answer = std::nullopt;
    /// How many workers give it batches.
    std::size_t workers = 0;
  };

  /// `worker` is a number that tells the worker from every other one.
  void begin(std::uint64_t worker, process handler);
  void end(std::uint64_t worker);
  void answered(std::uint64_t worker, std::chrono::nanoseconds now);

  /// The process that has the worker's batches; nullopt: the worker has none.
  std::optional<handler_view> handler_of(std::uint64_t worker) const;

  /// Whether a batch that was first seen at `since` has been with `handler` for too long. A process
  /// that answers is at work with another batch, so the time for this one begins with the last
  /// answer. A process that handles its batches in turn answers each batch within `limit` times the
  /// number of its workers.
  static bool is_overdue(const handler_view& handler, std::chrono::nanoseconds since,
                         std::chrono::nanoseconds now, std::chrono::nanoseconds limit);

private:
  mutable std::mutex guard_;
  std::map<std::uint64_t, process> workers_;
  /// Only processes of workers that live.
  std::map<process, handler_view> handlers_;
};

} // namespace ottla::kafka
