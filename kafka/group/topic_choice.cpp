#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/group/topic_choice.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace ottla::kafka {

namespace {

/// Kafka's.
constexpr std::size_t longest_topic = 249;

bool may_be_in_a_topic(char one) noexcept {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9')
         || one == '.' || one == '_' || one == '-';
}

/// What no broker knows stands still, and what begins with '^' librdkafka takes for a regular
/// expression, of which a bad one is the end of the handle.
bool is_legal(std::string_view topic) {
  return topic.size() <= longest_topic && topic != "." && topic != ".."
         && std::ranges::all_of(topic, may_be_in_a_topic);
}

} // namespace

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
    if (topic.empty())
      wrong.emplace_back("a topic must not be empty, got \"\"");
    else if (has_control_characters(topic))
      wrong.emplace_back("a topic must not hold control characters");
    else if (!is_legal(topic))
      wrong.push_back(
        fmt::format("topic \"{}\": a name is of letters, digits, '.', '_' and '-', and "
                    "of at most {} of them",
                    topic, longest_topic));
  return wrong;
}

} // namespace ottla::kafka
