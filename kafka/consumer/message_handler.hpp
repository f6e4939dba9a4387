#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>

#include <cstdint>
#include <memory>

namespace ottla::kafka {

/// Base class of the program's handlers of single messages. Otherwise like batch_handler. A verdict
/// takes effect at once: the next commit covers the message, even while the rest of its batch is
/// not handled. A throw loses no earlier acknowledgement. If the worker must end or its lease is
/// over, no further message of the batch is handled, and the remaining messages are delivered
/// again.
///
///     struct printer : kafka::message_handler {
///       kafka::verdict handle(const kafka::message& order) override {
///         fmt::print("{} orders {}\n", order.key(), order.value());
///         return kafka::ack(); // after a throw, a new worker resumes after the last ack
///       }
///     };
class message_handler {
public:
  virtual ~message_handler() = default;

  /// Same as batch_handler::start().
  virtual void start(const assignment& what) { static_cast<void>(what); }

  /// Handles a message, within group_consumer::handle_within.
  virtual verdict handle(const message& one) = 0;

protected:
  /// The partition of the message. Only for use in handle().
  const topic_partition& from() const noexcept { return *partition_; }

  /// Returns a handle that acknowledges the message later. Only for use in handle(), which must
  /// return later().
  ///
  ///     bank_.charge(order.value(), [done = ack_later()] { done.ack(); });
  ///     return kafka::later(); // the bank's callback acknowledges, on any thread
  ack_handle ack_later() const { return {*acks_, first_, next_}; }

  /// Same as batch::drain_requested(), for a handler that takes long for one message. Only for use
  /// in handle().
  bool drain_requested() const noexcept { return *acks_ && (*acks_)->progress().is_ending(); }

private:
  friend class message_by_message;
  const topic_partition* partition_ = nullptr;
  const std::shared_ptr<const ack_sink>* acks_ = nullptr;
  std::int64_t first_ = 0;
  std::int64_t next_ = 0;
};

/// Returns a batch_handler that passes each message of a batch to `to`. Returns null if `to` is
/// null, which fails the start of the worker.
std::unique_ptr<batch_handler> as_batch_handler(std::unique_ptr<message_handler> to);

} // namespace ottla::kafka
