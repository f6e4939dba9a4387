#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ottla::kafka {

/// A Kafka cluster that needs no installation, for first steps and for tests: librdkafka's mock
/// cluster. The cluster listens on loopback, so other processes may use it too. All data is in
/// memory and ends with the object.
///
/// Limitations: The cluster keeps 5 MiB and 100,000 record sets a partition and drops older ones.
/// The first join of a group takes 3 s, each further round the session timeout less a second. A
/// member that requests its partitions later than the group's leader needs one more round. There
/// are no admin requests, no look-up of offsets by time (`since` begins at the end), and no
/// isolation of transactions. Never a place for data.
///
/// Thread safety: call from any thread.
class embedded_cluster {
public:
  struct topic {
    std::string name = {};
    int partitions = 4;
  };

  enum class place : std::uint8_t {
    /// Destroying the cluster can take librdkafka a second.
    this_process,
    /// A forked process, which ends at once with the object or with its parent. Create the cluster
    /// while this process has a single thread, so first of all in main.
    own_process,
  };

  struct settings {
    place where = place::this_process;
    int brokers = 1;
    /// Created at once. Other topics are created on first use, with 4 partitions.
    std::vector<topic> topics = {};
  };

  /// Throws std::runtime_error if the cluster cannot be started or a topic cannot be created.
  explicit embedded_cluster(settings how);
  ~embedded_cluster();
  embedded_cluster(const embedded_cluster&) = delete;
  embedded_cluster& operator=(const embedded_cluster&) = delete;

  /// `127.0.0.1:40001[,…]`, for the `brokers` setting of clients.
  std::string brokers() const;

  /// Brokers are numbered from 1. A broker that is down has closed its connections.
  void take_broker_down(int broker_id);
  void bring_broker_up(int broker_id);

  /// Requests that can be made to fail. The numbers are Kafka's ApiKeys.
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

  /// Used in place of an error code: the broker closes the connection of the request.
  static constexpr std::int16_t disconnect = -195;

  /// The next requests of this kind to this broker fail, each with one of these codes. The codes
  /// are Kafka's: 16 is NOT_COORDINATOR. Failures of earlier calls come first.
  void fail_next(request which, const std::vector<std::int16_t>& codes, int broker_id = 1);

  /// How many of these failures have not happened yet.
  std::size_t failures_left(request which, int broker_id = 1);

  /// Another broker becomes the leader of a partition, or the coordinator of a group. Throws
  /// std::runtime_error for a name that no topic or group can have.
  void move_leader(const std::string& topic, std::int32_t partition, int broker_id);
  void move_coordinator(const std::string& group, int broker_id);

private:
  struct implementation;
  std::unique_ptr<implementation> impl_;
};

} // namespace ottla::kafka
