#include <ottla/kafka/group_consumer.hpp>

#include <fmt/format.h>

namespace ottla::kafka {

std::vector<std::string> validate(const group_consumer& settings) {
  std::vector<std::string> wrong;
  const auto complain = [&](std::string text) {
    wrong.push_back(fmt::format("group \"{}\": {}", settings.group, text));
  };
  const auto positive = [&](const char* field, std::chrono::milliseconds value) {
    if (value.count() <= 0)
      complain(fmt::format("{} must be positive, got {}ms", field, value.count()));
  };
  if (settings.group.empty())
    complain("group must not be empty, got \"\"");
  if (settings.topics.empty())
    complain("topics must not be empty");
  for (const auto& topic : settings.topics)
    if (topic.empty())
      complain("a topic must not be empty, got \"\"");
  if (!settings.handler)
    complain("handler is not set");
  if (settings.batch_size == 0)
    complain("batch_size must be positive, got 0");
  if (settings.max_unacknowledged < settings.batch_size)
    complain(fmt::format("max_unacknowledged must be at least batch_size ({}), got {}",
                         settings.batch_size, settings.max_unacknowledged));
  positive("commit_interval", settings.commit_interval);
  positive("drain_within", settings.drain_within);
  positive("session_timeout", settings.session_timeout);
  positive("heartbeat_interval", settings.heartbeat_interval);
  positive("max_poll_interval", settings.max_poll_interval);
  if (settings.heartbeat_interval * 3 > settings.session_timeout)
    complain(
      fmt::format("heartbeat_interval must be at most a third of session_timeout ({}ms), got "
                  "{}ms",
                  settings.session_timeout.count(), settings.heartbeat_interval.count()));
  if (settings.max_poll_interval < settings.session_timeout)
    complain(fmt::format("max_poll_interval must be at least session_timeout ({}ms), got {}ms",
                         settings.session_timeout.count(), settings.max_poll_interval.count()));
  if (settings.fetch_wait.count() < 0)
    complain(fmt::format("fetch_wait must not be negative, got {}ms", settings.fetch_wait.count()));
  return wrong;
}

} // namespace ottla::kafka
