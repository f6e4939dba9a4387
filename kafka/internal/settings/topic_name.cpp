#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

namespace {

/// Kafka's limit.
constexpr std::size_t longest_topic = 249;

bool may_be_in_a_topic(char one) noexcept {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9')
         || one == '.' || one == '_' || one == '-';
}

/// Brokers reject illegal names, so such a topic would never get partitions. librdkafka reads a
/// name with a leading '^' as a regular expression, and an invalid expression ends the handle.
bool is_legal(std::string_view topic) {
  return topic.size() <= longest_topic && topic != "." && topic != ".."
         && std::ranges::all_of(topic, may_be_in_a_topic);
}

} // namespace

std::optional<std::string> fault_of_topic(std::string_view topic) {
  if (topic.empty())
    return "a topic must not be empty, got \"\"";
  if (has_control_characters(topic))
    return "a topic must not contain control characters";
  if (!is_legal(topic))
    return fmt::format("topic \"{}\" must have at most {} characters of A-Z, a-z, 0-9, "
                       "'.', '_' and '-', and must not be \".\" or \"..\"",
                       shown(std::string{topic}), longest_topic);
  return std::nullopt;
}

} // namespace ottla::kafka
