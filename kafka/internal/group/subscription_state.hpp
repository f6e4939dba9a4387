#pragma once

#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

/// The topics that a group consumes, and the topics that are paused. Both can change at run time,
/// and outlive the group's processes.
///
/// Thread safety: call from any thread.
class subscription_state {
public:
  explicit subscription_state(std::vector<std::string> topics);

  /// In the order they were added.
  std::vector<std::string> topics() const;
  /// True: some of them are new.
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
