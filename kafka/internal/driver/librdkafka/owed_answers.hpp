#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Finds silent brokers. A broker that has owed an answer for too long is silent, even if other
/// brokers answer. A broker that owes no answer does not become silent.
///
/// A broker handles the requests of one connection in order. So the time limit of a request starts
/// when the request is sent, or when the previous request is answered, whichever is later.
///
/// Thread safety: none.
class owed_answers {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using milliseconds = std::chrono::milliseconds;
  /// Any address that identifies a connection while the connection is open.
  using connection = const void*;

  struct broker {
    /// -1 if unknown.
    std::int32_t id = -1;
    /// `host:port`; empty if unknown.
    std::string address = {};
  };

  struct request {
    /// Kafka's ApiKey.
    std::int16_t kind = -1;
    /// Time limit for the answer; nullopt if there is no limit.
    std::optional<milliseconds> may_take = milliseconds{0};
    int socket = -1;
  };

  /// Returns the time since a socket last received data; nullopt if unknown.
  using receipt = std::function<std::optional<milliseconds>(int socket)>;

  /// An answer is late if it has not arrived this long after the request's own time limit.
  static constexpr milliseconds longest_delay{3'500};
  /// silent() reports a broker only after the broker's answer has been late for this long. In this
  /// grace period, a program that was suspended reads the answers that arrived during the
  /// suspension.
  static constexpr milliseconds last_grace{400};
  /// While a handle needs a broker, librdkafka reconnects within `reconnect.backoff.max.ms`. So if
  /// no handle contacts a silent broker for this long, the broker is no longer needed, and is
  /// dropped.
  static constexpr milliseconds longest_pause{15'000};

  /// A connection is being established, and the broker owes a confirmation.
  void connecting(connection over, const broker& to, time_point now);
  /// The connection is established. From now on the broker answers requests.
  void connected(connection over, time_point now);
  void sent(connection over, const broker& to, const request& what, time_point now);
  /// `kind` is -1 if the request is no longer known.
  void answered(connection over, std::int16_t kind, time_point now);
  /// The last sent request expects no answer.
  void wants_no_answer(connection over, std::int16_t kind);
  /// The connection is closed. All answers that the broker owes on this connection are dropped.
  void closed(connection over, time_point now);

  /// Returns the names of silent brokers, such as `broker 2 (localhost:9092)`. A broker is silent
  /// until its next answer, or until no handle needs the broker. A broker that still sends data is
  /// not silent. Call this function every half second.
  std::vector<std::string> silent(time_point now, const receipt& received);

private:
  struct pending {
    request what;
    time_point since;
  };

  struct line {
    broker to;
    std::optional<time_point> connecting_since;
    /// The oldest first.
    std::deque<pending> owed;
    time_point last_event;
    std::optional<time_point> late_since;
    bool is_silent = false;

    bool owes_nothing() const { return !connecting_since && owed.empty(); }
    bool is_late(time_point now, const receipt& received) const;
    void check(time_point now, const receipt& received);
  };

  line& line_of(connection over, const broker& to, time_point now);
  std::string name_of(const broker& which) const;

  std::map<connection, line> lines_;
  std::map<std::int32_t, std::string> addresses_;
};

/// Returns `localhost:9093` for `ssl://localhost:9093/1`. Returns an empty text if librdkafka's
/// name of a broker holds no address.
std::string address_in(std::string_view name);

} // namespace ottla::kafka
