#pragma once

#include <string>

namespace ottla::kafka {

/// Capabilities of the librdkafka that the program runs with. The version may differ from the
/// version at compile time, so ottla determines the capabilities at run time.
struct client_capabilities {
  /// The version of librdkafka, as in `2.0.2`.
  std::string version = {};
  /// Why ottla rejects this version; empty if ottla accepts it. With a rejected version ottla opens
  /// no Kafka handle, and the start of a connection fails with this text.
  std::string rejected = {};
  /// ottla pauses partitions without new messages while another partition has a backlog. False for
  /// 2.2.0 to 2.13.1, which would skip messages (librdkafka #4844).
  bool pauses_quiet_partitions = false;
  /// ottla compares leader epochs (KIP-320) to detect a log that lost records or was recreated.
  /// From 2.3.0.
  bool finds_lost_records = false;
  /// The client can send its metrics to brokers (KIP-714). ottla disables this unless `extra` sets
  /// `enable.metrics.push` to true. From 2.5.3.
  bool client_metrics = false;
  /// A client that has lost all brokers connects to `brokers` again (KIP-899). From 2.10.1.
  bool rebootstraps = false;
  /// alter_configs changes single configs (KIP-339). With an older version, it replaces all configs
  /// of a topic or broker. See admin/configs.hpp. From 2.2.0.
  bool changes_single_configs = false;
};

/// Capabilities of the librdkafka that this program runs with.
client_capabilities capabilities();

} // namespace ottla::kafka
