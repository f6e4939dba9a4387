#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/health.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

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
/// A board may be a part of another board, whose names begin with a prefix. So several consumers of
/// a connection have one report, and each consumer sees and clears only its own faults. The
/// brokers' fault is common to all parts.
///
/// Thread safety: call from any thread.
class health_board {
public:
  health_board() = default;
  /// A part of `whole`. `prefix` ends with a slash.
  health_board(std::shared_ptr<health_board> whole, std::string prefix)
    : whole_{std::move(whole)}, prefix_{std::move(prefix)} {}

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

  std::string name_in_whole(std::string_view what) const;

  /// Null unless this board is a part.
  std::shared_ptr<health_board> whole_;
  std::string prefix_;
  mutable std::mutex guard_;
  std::map<std::string, entry, std::less<>> entries_;
};

} // namespace ottla::kafka
