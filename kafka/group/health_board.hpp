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

/// What health calls what is no process: `topic/orders`, `partition/orders/3`.
inline constexpr std::string_view topic_prefix = "topic/";
std::string health_name_of(const topic_partition& which);

/// What health calls all brokers together.
inline constexpr std::string_view brokers_health = "brokers";

/// How bad a failure is: stalled where trying again is not likely to help.
health_state state_of(const error& what);

/// What is wrong with a connection just now. Whoever finds out notes it and clears it again; it
/// outlives them, so a process that crashes does not take its reason along.
///
/// Thread safety: call from any thread.
class health_board {
public:
  /// Replaces what was noted of the same thing.
  void note(health_state state, std::string what, std::string why);
  void clear(std::string_view what);
  /// Everything whose name `is_over` says so of.
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
