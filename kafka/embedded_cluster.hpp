#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ottla::kafka {

/// A Kafka cluster without an installation, for first steps and for tests: librdkafka's mock
/// cluster. The cluster listens on loopback, so other processes can use it too. All data is in
/// memory, and is lost when the object is destroyed.
///
/// Limitations: Each partition keeps at most 5 MiB and at most 100,000 record sets, and drops the
/// oldest sets. The first join of a group takes 3 s with librdkafka before 2.6. Each later
/// rebalance takes the session timeout less one second. A member that sends SyncGroup after the
/// group's leader has sent it needs one more rebalance. The cluster does not support admin requests
/// and does not isolate transactions. Look-ups of offsets by time do not work: `since` begins at
/// the end.
///
/// Thread safety: call from any thread.
class embedded_cluster {
public:
  struct topic {
    std::string name = {};
    int partitions = 4;
  };

  enum class place : std::uint8_t {
    /// The cluster runs in this process. Destroying it can take librdkafka a second.
    this_process,
    /// The cluster runs in a forked process, which ends at once when the object is destroyed or the
    /// parent process ends. Create the cluster at the start of main, while this process has only
    /// one thread.
    own_process,
  };

  struct settings {
    place where = place::this_process;
    int brokers = 1;
    /// Topics to create at the start. Other topics are created on first use, with 4 partitions.
    std::vector<topic> topics = {};
  };

  /// Throws std::runtime_error if the cluster cannot be started or a topic cannot be created.
  explicit embedded_cluster(settings how);
  ~embedded_cluster();
  embedded_cluster(const embedded_cluster&) = delete;
  embedded_cluster& operator=(const embedded_cluster&) = delete;

  /// Addresses for the `brokers` setting of clients: `127.0.0.1:40001[,…]`.
  std::string brokers() const;

  /// A broker that goes down closes its connections. Brokers are numbered from 1.
  void take_broker_down(int broker_id);
  void bring_broker_up(int broker_id);

  /// Kinds of requests for fail_next. The values are Kafka's API keys.
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

  /// A pseudo error code for fail_next: the broker closes the connection of the request.
  static constexpr std::int16_t disconnect = -195;

  /// Makes the next requests of this kind to this broker fail, one request for each code. The codes
  /// are Kafka's, for example 16 for NOT_COORDINATOR. Failures of earlier calls come first.
  void fail_next(request which, const std::vector<std::int16_t>& codes, int broker_id = 1);

  /// Number of failures set by fail_next that have not occurred yet.
  std::size_t failures_left(request which, int broker_id = 1);

  /// Makes a broker the leader of a partition, or the coordinator of a group. Throws
  /// std::runtime_error for an invalid name of a topic or a group.
  void move_leader(const std::string& topic, std::int32_t partition, int broker_id);
  void move_coordinator(const std::string& group, int broker_id);

private:
  struct implementation;
  std::unique_ptr<implementation> impl_;
};

} // namespace ottla::kafka
