#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/health.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Health's names for topics and partitions: `topic/orders`, `partition/orders/3`.
inline constexpr std::string_view topic_prefix = "topic/";
std::string health_name_of(const topic_partition& which);

/// Health's name for all brokers together.
inline constexpr std::string_view brokers_health = "brokers";

/// Severity of a failure: stalled if a retry is unlikely to help, otherwise degraded.
health_state state_of(const error& what);

/// True if the error says that no broker answered in time.
bool is_silence(const error& what);

/// The current faults of a connection. The process that finds a fault notes the fault. That
/// process, its successor or the health_reporter clears the fault. The board outlives these
/// processes, so a crash loses no fault.
///
/// Thread safety: call from any thread.
class health_board {
public:
  /// Replaces an earlier note with the same `what`.
  void note(health_state state, std::string what, std::string why);
  void clear(std::string_view what);
  /// Clears each note for which `is_over(what)` returns true.
  void clear_if(const std::function<bool(const std::string& what)>& is_over);

  bool holds(std::string_view what) const;
  bool holds_below(std::string_view prefix) const;
  health_report report() const;

private:
  struct entry {
    health_state state;
    std::string why;
  };

  mutable std::mutex guard_;
  std::map<std::string, entry, std::less<>> entries_;
};

} // namespace ottla::kafka
