#pragma once

#include <ottla/kafka/consumer/group_consumer.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/group/handler_liveness.hpp>
#include <ottla/kafka/internal/group/hook_ledger.hpp>
#include <ottla/kafka/internal/group/subscription_state.hpp>
#include <ottla/kafka/internal/health/health_board.hpp>
#include <ottla/kafka/internal/partition/partition_record.hpp>
#include <ottla/kafka/observer.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

namespace ottla::kafka {

/// State that the processes of one group share. Immutable, except for what the pointers refer to.
struct group_context {
  /// Name of the connection.
  std::string connection;
  group_consumer settings;
  std::shared_ptr<kafka::driver> driver;
  std::shared_ptr<epoch_source> epochs;
  /// Never null.
  std::shared_ptr<kafka::observer> observer;
  /// Can change at run time. Lasts across restarts of the connection, like the members down to
  /// `was_open`.
  std::shared_ptr<subscription_state> topics
    = std::make_shared<subscription_state>(settings.topics);
  std::shared_ptr<hook_ledger> hooks = std::make_shared<hook_ledger>();
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<handler_liveness> liveness = std::make_shared<handler_liveness>();
  /// Number of partitions that a handle's memory is planned for.
  std::shared_ptr<std::atomic<std::size_t>> planned_partitions
    = std::make_shared<std::atomic<std::size_t>>(8);
  /// A Kafka handle was opened once with these settings: a later refusal is worth a retry.
  std::shared_ptr<std::atomic<bool>> was_open = std::make_shared<std::atomic<bool>>(false);
  /// The application's directory, in which the connection's names are mounted; null if none.
  std::shared_ptr<directory> application = nullptr;
  /// Set by abort_group and never reset. Each start of the connection has a flag of its own.
  std::shared_ptr<std::atomic<bool>> aborted = std::make_shared<std::atomic<bool>>(false);
};

using group_context_ptr = std::shared_ptr<const group_context>;

} // namespace ottla::kafka
