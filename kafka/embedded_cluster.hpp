#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ottla::kafka {

/// A Kafka cluster that needs no installation, for first steps and for tests: librdkafka's mock
/// cluster. It listens on loopback, so other processes may use it too. Everything is in memory and
/// goes with the object.
///
/// Limitations: it keeps 5 MiB and 100,000 record sets a partition and drops the oldest beyond; the
/// first join of a group takes 3 s, each further round the session timeout less a second, and one
/// more for a member that asks for its partitions later than the group's leader; no admin requests,
/// no look-up of offsets by time (`since` begins at the end), no isolation of transactions. Never a
/// place for data.
///
/// Thread safety: call from any thread.
class embedded_cluster {
public:
  struct topic {
    std::string name = {};
    int partitions = 4;
  };

  enum class place : std::uint8_t {
    /// Its destruction can take librdkafka a second.
    this_process,
    /// Forked off, and ended at once with the object or its parent. Only while this process has a
    /// single thread, so first of all in main.
    own_process,
  };

  struct settings {
    place where = place::this_process;
    int brokers = 1;
    /// Made at once; other topics come into being on first use, with 4 partitions.
    std::vector<topic> topics = {};
  };

  /// Throws std::runtime_error where the cluster cannot be started, or a topic not be made.
  explicit embedded_cluster(settings how);
  ~embedded_cluster();
  embedded_cluster(const embedded_cluster&) = delete;
  embedded_cluster& operator=(const embedded_cluster&) = delete;

  /// `127.0.0.1:40001[,…]`, what clients take as brokers.
  std::string brokers() const;

  /// Brokers are numbered from 1. One that is down has let go of its connections.
  void take_broker_down(int broker_id);
  void bring_broker_up(int broker_id);

  /// Requests that can be made to fail, with Kafka's numbers (its ApiKey).
  enum class request : std::int16_t {
    produce = 0,
    fetch = 1,
    list_offsets = 2,
    metadata = 3,
    offset_commit = 8,
    offset_fetch = 9,
    find_coordinator = 10,
    join_group = 11,
    heartbeat = 12,
    leave_group = 13,
    sync_group = 14,
  };

  /// In place of an error code: the connection that the request came over is closed.
  static constexpr std::int16_t disconnect = -195;

  /// The next requests of this kind to that broker fail, each with one of these codes, which are
  /// Kafka's: 16 is NOT_COORDINATOR. Behind those that were asked for before.
  void fail_next(request which, const std::vector<std::int16_t>& codes, int broker_id = 1);

  /// How many of these failures have not happened yet.
  std::size_t failures_left(request which, int broker_id = 1);

  /// Another broker becomes the leader of a partition, or the coordinator of a group. Throws
  /// std::runtime_error for a name that no topic or group can have.
  void move_leader(const std::string& topic, std::int32_t partition, int broker_id);
  void move_coordinator(const std::string& group, int broker_id);

private:
  struct implementation;
  std::unique_ptr<implementation> it_;
};

} // namespace ottla::kafka
