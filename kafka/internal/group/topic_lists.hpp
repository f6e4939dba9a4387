#pragma once

#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

/// The topics that a group subscribes to, and the paused topics. The two lists can change at run
/// time, and outlive the group's processes.
///
/// Thread safety: call from any thread.
class topic_lists {
public:
  explicit topic_lists(std::vector<std::string> topics);

  /// In the order of their addition.
  std::vector<std::string> topics() const;
  /// True if at least one of the topics is new.
  bool add(std::span<const std::string> topics);

  void pause(std::span<const std::string> topics);
  void resume(std::span<const std::string> topics);
  bool is_paused(const std::string& topic) const;
  /// Sorted by name.
  std::vector<std::string> paused() const;

private:
  mutable std::mutex guard_;
  std::vector<std::string> topics_;
  std::set<std::string> paused_;
};

/// Every fault of a list of topics, one line each.
std::vector<std::string> validate_topics(std::span<const std::string> topics);

} // namespace ottla::kafka
