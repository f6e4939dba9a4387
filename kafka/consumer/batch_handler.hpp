#pragma once

#include <ottla/kafka/consumer/assignment.hpp>
#include <ottla/kafka/consumer/batch.hpp>
#include <ottla/kafka/consumer/verdict.hpp>
#include <ottla/kafka/topic_partition.hpp>

namespace ottla::kafka {

/// The user's side of a consumer: an object for each worker, made when the worker starts and
/// destroyed with it. A throw ends the worker; its replacement resumes after the last acknowledged
/// message.
///
/// Thread safety: one call at a time, on changing threads. Use execution::detached for a handler
/// that blocks.
class batch_handler {
public:
  virtual ~batch_handler() = default;

  /// Called before the first batch. If several partitions share the worker, as with
  /// worker_allocation::per_partition, called for each of them; see batch::from(). A throw fails
  /// the start of the worker. May take up to group_consumer::handle_within.
  virtual void start(const assignment& what) { static_cast<void>(what); }

  virtual verdict handle(batch messages) = 0;
};

} // namespace ottla::kafka
