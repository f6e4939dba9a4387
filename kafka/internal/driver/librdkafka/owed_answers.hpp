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

/// Which brokers owe an answer for too long, although other brokers answer. A broker that owes
/// nothing is never silent.
///
/// A broker handles the requests of one connection in order. So the time that a request may take
/// begins with the request, or with the answer to the request before it.
///
/// Thread safety: none.
class owed_answers {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using milliseconds = std::chrono::milliseconds;
  /// Any address that stands for a connection while it is open.
  using connection = const void*;

  struct broker {
    /// -1: not known yet.
    std::int32_t id = -1;
    /// `host:port`; empty: not known.
    std::string address = {};
  };

  struct request {
    /// Kafka's number.
    std::int16_t kind = -1;
    /// nullopt: no limit.
    std::optional<milliseconds> may_take = milliseconds{0};
    int socket = -1;
  };

  /// How long ago a socket received data; nullopt: not known.
  using receipt = std::function<std::optional<milliseconds>(int socket)>;

  /// An answer is late when it comes this long after the request's own time limit.
  static constexpr milliseconds longest_delay{3'500};
  /// A broker is silent only if an answer is still late this long after silent() first found it
  /// late. In that time a program that was suspended reads the answers that have arrived.
  static constexpr milliseconds last_grace{400};
  /// While a handle needs a broker, librdkafka reconnects to it within `reconnect.backoff.max.ms`.
  /// A silent broker that no handle contacts for this long is no longer needed, and is forgotten.
  static constexpr milliseconds longest_pause{15'000};

  /// A connection is being established, and the broker owes a confirmation.
  void connecting(connection over, const broker& to, time_point now);
  /// The connection is established. From now on the broker answers requests.
  void connected(connection over, time_point now);
  void sent(connection over, const broker& to, const request& what, time_point now);
  /// `kind` is -1 if the request is not known any more.
  void answered(connection over, std::int16_t kind, time_point now);
  /// The request sent last wants no answer.
  void wants_no_answer(connection over, std::int16_t kind);
  /// The connection is closed, with all that is owed on it.
  void closed(connection over, time_point now);

  /// The names of brokers that have owed an answer for too long and have not answered since:
  /// `broker 2 (localhost:9092)`. A broker whose data still arrives is not silent. Call this every
  /// half second.
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

/// `localhost:9093` of `ssl://localhost:9093/1`; empty if librdkafka's name of a broker holds no
/// address.
std::string address_in(std::string_view name);

} // namespace ottla::kafka
