#pragma once

#include <ottla/kafka/internal/driver/broker_view.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owed_answers.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// State of a cluster's brokers, shared by all handles of a connection. Records the last answer of
/// any broker, the brokers that cannot be reached, and the brokers that owe an answer.
///
/// Thread safety: call from any thread.
class broker_contact {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A broker answered a request.
  void answered(time_point now);

  /// The broker answered a request that only an authenticated client may send. So the broker
  /// accepts the settings, including security.protocol. `broker` is librdkafka's name,
  /// `ssl://localhost:9093/1`.
  void served(std::string_view broker);

  /// Whether the broker ever served this client. If true, a failing connection does not indicate a
  /// mistake in the settings.
  bool has_served(std::string_view broker) const;

  /// A connection to `broker` changed its state. `state` is librdkafka's name of the new state.
  void state_changed(const std::string& broker, std::string_view state, time_point now);

  /// Calls `change` with the pending answers of all connections. Holds the lock during the call.
  template <class Change>
  void note(Change change) {
    const std::lock_guard lock{guard_};
    change(owed_);
  }

  broker_view view(time_point now) const;

private:
  struct attempts {
    std::size_t failed = 0;
    bool connecting = false;
    time_point last = {};
  };

  mutable std::mutex guard_;
  std::optional<time_point> last_answer_;
  /// Mutable, because silent() records which brokers are late.
  mutable owed_answers owed_;
  /// Only brokers whose last connection attempt failed or is pending.
  std::map<std::string, attempts> trying_;
  /// Names without the broker's id, because the id is unknown at first.
  std::set<std::string, std::less<>> served_;
};

} // namespace ottla::kafka
