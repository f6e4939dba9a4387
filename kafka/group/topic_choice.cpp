#include <ottla/kafka/group/topic_choice.hpp>
#include <ottla/kafka/group/topic_name.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

topic_choice::topic_choice(std::vector<std::string> topics) : topics_{std::move(topics)} {}

std::vector<std::string> topic_choice::topics() const {
  const std::lock_guard lock{guard_};
  return topics_;
}

bool topic_choice::add(std::span<const std::string> topics) {
  const std::lock_guard lock{guard_};
  const auto before = topics_.size();
  for (const auto& topic : topics)
    if (std::ranges::find(topics_, topic) == topics_.end())
      topics_.push_back(topic);
  return topics_.size() != before;
}

void topic_choice::pause(std::span<const std::string> topics) {
  const std::lock_guard lock{guard_};
  paused_.insert(topics.begin(), topics.end());
}

void topic_choice::resume(std::span<const std::string> topics) {
  const std::lock_guard lock{guard_};
  for (const auto& topic : topics)
    paused_.erase(topic);
}

bool topic_choice::is_paused(const std::string& topic) const {
  const std::lock_guard lock{guard_};
  return paused_.contains(topic);
}

std::vector<std::string> topic_choice::paused() const {
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
