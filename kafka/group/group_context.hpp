#pragma once

#include <ottla/kafka/client/client.hpp>
#include <ottla/kafka/group/partition_record.hpp>
#include <ottla/kafka/group_consumer.hpp>
#include <ottla/kafka/observer.hpp>

#include <memory>
#include <string>

namespace ottla::kafka {

/// What the processes of one group share; immutable but for what says otherwise of itself.
struct group_context {
  /// Name of the connection.
  std::string connection;
  group_consumer settings;
  std::shared_ptr<kafka::client> client;
  std::shared_ptr<epoch_source> epochs;
  /// Never null.
  std::shared_ptr<kafka::observer> observer;
  /// The application's, in which the connection itself is one; null where there is none.
  std::shared_ptr<directory> application = nullptr;
};

using group_context_ptr = std::shared_ptr<const group_context>;

} // namespace ottla::kafka
