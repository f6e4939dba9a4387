#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/group/topic_choice.hpp>
#include <ottla/kafka/group_consumer.hpp>

#include <fmt/format.h>

#include <limits>
#include <set>

namespace ottla::kafka {

namespace {

/// librdkafka counts in int32 milliseconds: some 24 days.
constexpr std::chrono::milliseconds longest_time{std::numeric_limits<std::int32_t>::max()};
/// What librdkafka refuses beyond.
constexpr std::chrono::milliseconds longest_session = std::chrono::hours{1};
constexpr std::chrono::milliseconds longest_poll_interval = std::chrono::hours{24};
constexpr std::chrono::milliseconds longest_fetch_wait = std::chrono::minutes{5};
constexpr std::size_t largest_batch = 1'000'000;
constexpr std::size_t smallest_memory = 1024 * 1024;

template <class Complain>
void check_begin(const char* field, const begin_offset& where, Complain complain) {
  if (const auto* number = std::get_if<at_offset>(&where); number != nullptr && number->offset < 0)
    complain(fmt::format("{}: an offset must not be negative, got {}", field, number->offset));
}

} // namespace

std::vector<std::string> validate(const group_consumer& settings) {
  std::vector<std::string> wrong;
  const auto complain = [&](std::string text) {
    wrong.push_back(fmt::format("group \"{}\": {}", settings.group, text));
  };
  const auto positive = [&](const char* field, std::chrono::milliseconds value,
                            std::chrono::milliseconds longest = longest_time) {
    if (value.count() <= 0)
      complain(fmt::format("{} must be positive, got {}ms", field, value.count()));
    if (value > longest)
      complain(
        fmt::format("{} must be at most {}ms, got {}ms", field, longest.count(), value.count()));
  };
  if (settings.group.empty())
    complain("group must not be empty, got \"\"");
  if (has_control_characters(settings.group))
    complain("group must not hold control characters");
  for (auto& line : validate_topics(settings.topics))
    complain(std::move(line));
  std::set<std::string> topics;
  for (const auto& topic : settings.topics)
    if (!topic.empty() && !topics.insert(topic).second)
      complain(fmt::format("topic \"{}\" stands there twice", topic));
  if (std::visit([](const auto& who) { return !who; }, settings.handler))
    complain("handler is not set");
  if (settings.batch_size == 0 || settings.batch_size > largest_batch)
    complain(
      fmt::format("batch_size must be from 1 to {}, got {}", largest_batch, settings.batch_size));
  if (settings.max_unacknowledged < settings.batch_size)
    complain(fmt::format("max_unacknowledged must be at least batch_size ({}), got {}",
                         settings.batch_size, settings.max_unacknowledged));
  positive("commit_interval", settings.commit_interval);
  positive("drain_within", settings.drain_within);
  positive("session_timeout", settings.session_timeout, longest_session);
  positive("heartbeat_interval", settings.heartbeat_interval, longest_session);
  positive("max_poll_interval", settings.max_poll_interval, longest_poll_interval);
  // Not times three: a duration may be as long as they get.
  if (settings.heartbeat_interval > settings.session_timeout / 3)
    complain(
      fmt::format("heartbeat_interval must be at most a third of session_timeout ({}ms), got "
                  "{}ms",
                  settings.session_timeout.count(), settings.heartbeat_interval.count()));
  if (settings.max_poll_interval < settings.session_timeout)
    complain(fmt::format("max_poll_interval must be at least session_timeout ({}ms), got {}ms",
                         settings.session_timeout.count(), settings.max_poll_interval.count()));
  if (settings.drain_within >= settings.max_poll_interval)
    complain(fmt::format("drain_within must be below max_poll_interval ({}ms), after which brokers "
                         "evict the member, got {}ms",
                         settings.max_poll_interval.count(), settings.drain_within.count()));
  const auto not_negative = [&](const char* field, std::chrono::milliseconds value) {
    if (value.count() < 0 || value > longest_time)
      complain(fmt::format("{} must be from 0ms to {}ms, got {}ms", field, longest_time.count(),
                           value.count()));
  };
  not_negative("handle_within", settings.handle_within);
  not_negative("rebalance_delay", settings.rebalance_delay);
  if (settings.memory_bytes < smallest_memory)
    complain(fmt::format("memory_bytes must be at least {}, got {}", smallest_memory,
                         settings.memory_bytes));
  for (auto& line : validate(settings.worker_restarts, "worker_restarts"))
    complain(std::move(line));
  check_begin("begin", settings.begin, complain);
  check_begin("when_missing", settings.when_missing, complain);
  if (has_control_characters(settings.instance))
    complain("instance must not hold control characters");
  if (settings.fetch_wait.count() < 0 || settings.fetch_wait > longest_fetch_wait)
    complain(fmt::format("fetch_wait must be from 0ms to {}ms, got {}ms",
                         longest_fetch_wait.count(), settings.fetch_wait.count()));
  return wrong;
}

} // namespace ottla::kafka
