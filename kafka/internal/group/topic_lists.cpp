#include <ottla/kafka/internal/group/topic_lists.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

topic_lists::topic_lists(std::vector<std::string> topics) : topics_{std::move(topics)} {}

std::vector<std::string> topic_lists::topics() const {
  const std::lock_guard lock{guard_};
  return topics_;
}

bool topic_lists::add(std::span<const std::string> topics) {
  const std::lock_guard lock{guard_};
  const auto before = topics_.size();
  for (const auto& topic : topics)
    if (std::ranges::find(topics_, topic) == topics_.end())
      topics_.push_back(topic);
  return topics_.size() != before;
}

void topic_lists::pause(std::span<const std::string> topics) {
  const std::lock_guard lock{guard_};
  paused_.insert(topics.begin(), topics.end());
}

void topic_lists::resume(std::span<const std::string> topics) {
  const std::lock_guard lock{guard_};
  for (const auto& topic : topics)
    paused_.erase(topic);
}

bool topic_lists::is_paused(const std::string& topic) const {
  const std::lock_guard lock{guard_};
  return paused_.contains(topic);
}

std::vector<std::string> topic_lists::paused() const {
  const std::lock_guard lock{guard_};
  return {paused_.begin(), paused_.end()};
}

std::vector<std::string> validate_topics(std::span<const std::string> topics) {
  std::vector<std::string> wrong;
  if (topics.empty())
    wrong.emplace_back("topics must not be empty");
  for (const auto& topic : topics)
    if (auto fault = fault_of_topic(topic))
      wrong.push_back(std::move(*fault));
  return wrong;
}

} // namespace ottla::kafka
