#pragma once

#include <ottla/kafka/consumer/group_consumer.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/group/handler_process_answers.hpp>
#include <ottla/kafka/internal/group/hook_ledger.hpp>
#include <ottla/kafka/internal/group/topic_lists.hpp>
#include <ottla/kafka/internal/groupless/groupless_settings.hpp>
#include <ottla/kafka/internal/health/health_board.hpp>
#include <ottla/kafka/internal/partition/partition_state.hpp>
#include <ottla/kafka/observer.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

namespace ottla::kafka {

/// State that the processes of one group share, or of one consumer without a group. The pointers
/// refer to mutable objects. Everything else is immutable.
struct group_context {
  /// Name of the connection.
  std::string connection;
  group_consumer settings;
  std::shared_ptr<kafka::driver> driver;
  std::shared_ptr<epoch_source> epochs;
  /// Never null.
  std::shared_ptr<kafka::observer> observer;
  /// Null for a member of a group.
  std::shared_ptr<const groupless_settings> groupless = nullptr;
  /// Subscribed and paused topics, which can change at run time. The members from `topics` to
  /// `was_open` survive restarts of the connection.
  std::shared_ptr<topic_lists> topics = std::make_shared<topic_lists>(settings.topics);
  std::shared_ptr<hook_ledger> hooks = std::make_shared<hook_ledger>();
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<handler_process_answers> handler_answers
    = std::make_shared<handler_process_answers>();
  /// Number of partitions that a handle's memory is planned for.
  std::shared_ptr<std::atomic<std::size_t>> planned_partitions
    = std::make_shared<std::atomic<std::size_t>>(8);
  /// A Kafka handle was opened with these settings before, so a later failure to open is retried.
  std::shared_ptr<std::atomic<bool>> was_open = std::make_shared<std::atomic<bool>>(false);
  /// The application's directory, in which the connection's names are mounted. May be null.
  std::shared_ptr<directory> application = nullptr;
  /// Set by abort_group and never reset. Each start of the connection creates a new flag.
  std::shared_ptr<std::atomic<bool>> aborted = std::make_shared<std::atomic<bool>>(false);
};

/// The group or the consumer in texts for people: `group "billing"`, `consumer of "orders"`.
std::string title_of(const group_context& group);

using group_context_ptr = std::shared_ptr<const group_context>;

} // namespace ottla::kafka
