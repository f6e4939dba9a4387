#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/internal/driver/librdkafka/leader_epochs.hpp>
#include <ottla/kafka/internal/driver/librdkafka/lookup_handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/topic_starts.hpp>
#include <ottla/kafka/internal/driver/lookup_session.hpp>
#include <ottla/kafka/internal/driver/offset_reset.hpp>

#include <librdkafka/rdkafka.h>

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace ottla::kafka {

/// Looks up the first offset to read of each partition, and the ends of logs. A look-up takes a few
/// round trips to the brokers, for any number of partitions. A look-up blocks for several seconds
/// if brokers do not answer. Checks `give_up` between requests.
///
/// Thread safety: one thread at a time, except for starts() and epochs().
class offset_lookup {
public:
  using stop_signal = lookup_handle::stop_signal;

  /// `epochs` receives the leader epochs that the brokers report.
  offset_lookup(const cluster_settings& common, const consumer_handle_settings& how,
                std::shared_ptr<leader_epochs> epochs = std::make_shared<leader_epochs>());

  /// Returns the beginnings for the event `resolved`. `member` gives access to the group's
  /// committed offsets.
  std::vector<beginning> look_up_beginnings(rd_kafka_t* member,
                                            std::span<const topic_partition> partitions,
                                            const beginning_rules& rules,
                                            const stop_signal& give_up);

  /// Returns where a consumer without a group begins to read these partitions.
  std::vector<beginning> find_beginnings(std::span<const wanted_beginning> wanted,
                                         const begin_offset& when_missing,
                                         const stop_signal& give_up);

  /// Returns the ends for the event `ends_known`.
  std::vector<position> look_up_ends(std::span<const topic_partition> partitions,
                                     const stop_signal& give_up);

  const topic_starts& starts() const noexcept { return starts_; }
  const std::shared_ptr<leader_epochs>& epochs() const noexcept { return epochs_; }

  /// Closes the connections to the brokers. The next look-up opens new connections.
  void close();

private:
  lookup_handle& read() { return reads_all_ ? all_ : committed_; }

  bool reads_all_;
  /// Looks up offsets in the whole log.
  lookup_handle all_;
  /// Looks up offsets among committed records only. Not opened if the consumer reads uncommitted
  /// records.
  lookup_handle committed_;
  topic_starts starts_;
  const std::shared_ptr<leader_epochs> epochs_;
};

} // namespace ottla::kafka
