#pragma once

#include <ottla/kafka/consumer/assignment.hpp>
#include <ottla/kafka/consumer/batch.hpp>
#include <ottla/kafka/consumer/verdict.hpp>
#include <ottla/kafka/topic_partition.hpp>

namespace ottla::kafka {

/// Base class of the program's handlers of batches. Each worker has its own handler, which is
/// constructed when the worker starts and destroyed when the worker ends. A throw ends the worker.
/// Its replacement resumes after the last acknowledged message.
///
///     struct importer : kafka::batch_handler {
///       kafka::verdict handle(kafka::batch orders) override {
///         for (const auto& order : orders) {
///           store(order.key(), order.value());
///           if (orders.drain_requested())
///             return kafka::ack_until(order.offset()); // the next worker gets the rest
///         }
///         return kafka::ack();
///       }
///     };
///
/// Thread safety: one call at a time, on changing threads. For a handler that blocks, set
/// group_consumer::run_as to execution::detached.
class batch_handler {
public:
  virtual ~batch_handler() = default;

  /// Called before the first batch, once for each partition of the worker. A worker has several
  /// partitions only with worker_allocation::per_partition. batch::from() tells them apart. A
  /// throw fails the start of the worker. May take up to group_consumer::handle_within.
  virtual void start(const assignment& what) { static_cast<void>(what); }

  /// Handles a batch. The verdict decides which messages are acknowledged. May take up to
  /// group_consumer::handle_within.
  virtual verdict handle(batch messages) = 0;
};

} // namespace ottla::kafka
