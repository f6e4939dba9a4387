#pragma once

#include <ottla/kafka/client/broker_view.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// What the threads of all handles of a connection see of brokers: when one last answered, and to
/// which ones connections fail.
///
/// Thread safety: call from any thread.
class broker_contact {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A broker answered a request.
  void answered(time_point now);

  /// A connection to `broker` is in another state, by librdkafka's name of the state.
  void state_changed(const std::string& broker, std::string_view state, time_point now);

  broker_view view(time_point now) const;

private:
  struct attempts {
    std::size_t failed = 0;
    bool connecting = false;
    time_point last = {};
  };

  mutable std::mutex guard_;
  std::optional<time_point> last_answer_;
  /// Only brokers whose last attempt failed or is under way.
  std::map<std::string, attempts> trying_;
};

} // namespace ottla::kafka
