#pragma once

#include <ottla/kafka/admin/topic_info.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Remembers which of a group's topics were missing. Decides when to ask the brokers to describe
/// the group's topics.
///
/// Times count from any fixed point. Thread safety: none.
class missing_topics {
public:
  struct finding {
    std::vector<std::string> present;
    std::vector<std::string> missing;
    /// Sum over all present topics.
    std::size_t partitions = 0;
  };

  /// True if the caller must ask the brokers now. False if an earlier request is pending.
  bool begin(std::chrono::nanoseconds now) noexcept;

  /// The pending request was answered, or failed.
  void answered() noexcept { is_pending_ = false; }

  /// True if the last request began at least five seconds ago. The coordinator asks again while
  /// topics or brokers are in doubt, and while the member's join_deadline is overdue.
  bool is_due(std::chrono::nanoseconds now) const noexcept;

  /// True if the last request began at least `interval` ago.
  bool is_due(std::chrono::nanoseconds now, std::chrono::nanoseconds interval) const noexcept;

  /// Compares the wanted topics with the topics that the brokers know. Remembers missing topics.
  finding compare(const std::vector<std::string>& wanted, const std::vector<topic_info>& known);

  /// The topic was missing once, so all of its records were produced after that. The exception is a
  /// topic that existed and that this client was not allowed to describe.
  bool was_missing(const std::string& topic) const { return missing_.contains(topic); }

private:
  bool is_pending_ = false;
  std::optional<std::chrono::nanoseconds> asked_at_;
  std::set<std::string> missing_;
};

} // namespace ottla::kafka
