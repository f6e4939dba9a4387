#pragma once

#include <string>

namespace ottla::kafka {

/// What the linked librdkafka can do. A program may be linked with another version than it was
/// compiled with, so ottla asks at run time.
struct client_capabilities {
  /// The version of librdkafka, as in `2.0.2`.
  std::string version = {};
  /// Why ottla rejects this version; empty if ottla accepts it. Handles of a rejected version are
  /// not opened, and the start of a connection fails with this text.
  std::string rejected = {};
  /// While one partition has a backlog, partitions at their end are paused. Not with 2.2.0 to
  /// 2.13.1, which skip messages then (librdkafka #4844).
  bool pauses_quiet_partitions = false;
  /// A log that lost records, or that was created again, is noticed by the leader epochs of its
  /// records (KIP-320). From 2.3.0.
  bool finds_lost_records = false;
  /// Brokers may request metrics of the client (KIP-714). ottla disables that unless `extra` sets
  /// `enable.metrics.push` to true. From 2.5.3.
  bool client_metrics = false;
  /// After all brokers were lost, the client starts again from `brokers` (KIP-899). From 2.10.1.
  bool rebootstraps = false;
};

/// Those of the librdkafka that this program is linked with.
client_capabilities capabilities();

} // namespace ottla::kafka
