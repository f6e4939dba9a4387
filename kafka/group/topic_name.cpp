#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/client/name_limits.hpp>
#include <ottla/kafka/group/topic_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

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

std::optional<std::string> fault_of_topic(std::string_view topic) {
  if (topic.empty())
    return "a topic must not be empty, got \"\"";
  if (has_control_characters(topic))
    return "a topic must not hold control characters";
  if (!is_legal(topic))
    return fmt::format("topic \"{}\": a name is of letters, digits, '.', '_' and '-', and "
                       "of at most {} of them",
                       shown(std::string{topic}), longest_topic);
  return std::nullopt;
}

} // namespace ottla::kafka
