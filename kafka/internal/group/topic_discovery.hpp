#pragma once

#include <ottla/kafka/admin/topic_info.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Which of a group's topics exist. Decides when the brokers are asked to describe them.
///
/// Times count from any fixed point. Thread safety: none.
class topic_discovery {
public:
  struct finding {
    std::vector<std::string> present;
    std::vector<std::string> missing;
    /// Of all topics together.
    std::size_t partitions = 0;
  };

  /// True: ask the brokers now. False: an earlier request is pending.
  bool begin(std::chrono::nanoseconds now) noexcept;

  /// The pending request was answered, or failed.
  void answered() noexcept { is_pending_ = false; }

  /// Nothing was asked for a while. While topics or brokers are in doubt, they are described again
  /// then.
  bool is_due(std::chrono::nanoseconds now) const noexcept;

  /// Compares the wanted topics with those that the brokers know. Remembers the missing ones.
  finding compare(const std::vector<std::string>& wanted, const std::vector<topic_info>& known);

  /// The topic was missing before, so all of its records are newer than this object.
  bool was_missing(const std::string& topic) const { return missing_.contains(topic); }

private:
  bool is_pending_ = false;
  std::optional<std::chrono::nanoseconds> asked_at_;
  std::set<std::string> missing_;
};

} // namespace ottla::kafka
