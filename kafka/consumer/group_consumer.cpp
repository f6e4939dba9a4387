#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/consumer/group_consumer.hpp>
#include <ottla/kafka/internal/group/topic_lists.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/internal/settings/time_limits.hpp>
#include <ottla/kafka/internal/settings/worker_check.hpp>
#include <ottla/kafka/internal/text/blanks.hpp>

#include <fmt/format.h>

#include <set>

namespace ottla::kafka {

namespace {

constexpr time_limits positive{std::chrono::milliseconds{1}, longest_time};
constexpr time_limits not_negative{std::chrono::milliseconds{0}, longest_time};
/// Limit of Kafka's own clients, whose instance names follow the rules for topic names.
constexpr std::size_t longest_instance = 249;

} // namespace

std::vector<std::string> validate(const group_consumer& settings) {
  std::vector<std::string> wrong;
  const auto complain = [&](std::string text) {
    wrong.push_back(fmt::format("group \"{}\": {}", shown(settings.group), text));
  };
  // A value outside of its own limits is not compared with other settings.
  const auto fits = [&](const char* field, std::chrono::milliseconds value, time_limits limits) {
    return check_time(field, value, limits, complain);
  };
  const auto fits_in = [&](const char* field, const std::string& text, std::size_t most) {
    if (text.size() > most)
      complain(fmt::format("{} must have at most {} bytes, got {}", field, most, text.size()));
  };
  if (settings.group.empty())
    complain("group must not be empty, got \"\"");
  const auto is_of_blanks = [](const std::string& text) { return !text.empty() && is_blank(text); };
  if (is_of_blanks(settings.group))
    complain("group must not be blank");
  if (has_control_characters(settings.group))
    complain("group must not contain control characters");
  fits_in("group", settings.group, longest_text);
  for (auto& line : validate_topics(settings.topics))
    complain(std::move(line));
  std::set<std::string> topics;
  for (const auto& topic : settings.topics)
    if (!topic.empty() && !topics.insert(topic).second)
      complain(fmt::format("topic \"{}\" is listed twice", topic));
  check_workers(settings, complain);
  fits("commit_interval", settings.commit_interval, positive);
  // check_workers() reports a drain_within outside of its limits.
  const bool drain_fits = !fault_of_time("drain_within", settings.drain_within, positive);
  const bool session_fits
    = fits("session_timeout", settings.session_timeout, session_timeout_limits);
  const bool heartbeat_fits
    = fits("heartbeat_interval", settings.heartbeat_interval, heartbeat_interval_limits);
  const bool poll_fits
    = fits("max_poll_interval", settings.max_poll_interval, max_poll_interval_limits);
  if (heartbeat_fits && session_fits && settings.heartbeat_interval > settings.session_timeout / 3)
    complain(
      fmt::format("heartbeat_interval must be at most a third of session_timeout ({}ms), got "
                  "{}ms",
                  settings.session_timeout.count(), settings.heartbeat_interval.count()));
  if (poll_fits && session_fits && settings.max_poll_interval < settings.session_timeout)
    complain(fmt::format("max_poll_interval must be at least session_timeout ({}ms), got {}ms",
                         settings.session_timeout.count(), settings.max_poll_interval.count()));
  if (drain_fits && poll_fits && settings.drain_within >= settings.max_poll_interval)
    complain(fmt::format("drain_within must be below max_poll_interval ({}ms), got {}ms; brokers "
                         "evict the member after max_poll_interval",
                         settings.max_poll_interval.count(), settings.drain_within.count()));
  fits("rebalance_delay", settings.rebalance_delay, not_negative);
  check_begin("begin", settings.begin, complain);
  if (is_of_blanks(settings.instance))
    complain(fmt::format("instance must not be blank, got \"{}\"", shown(settings.instance)));
  if (has_control_characters(settings.instance))
    complain("instance must not contain control characters");
  fits_in("instance", settings.instance, longest_instance);
  return wrong;
}

} // namespace ottla::kafka
