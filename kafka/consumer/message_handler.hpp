#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>

#include <cstdint>
#include <memory>

namespace ottla::kafka {

/// A handler of one message at a time; otherwise like batch_handler. Each verdict is for its
/// message and counts at once: the next commit covers the message before the rest of the batch is
/// handled. A throw loses no earlier acknowledgement. The worker stops between two messages when it
/// is asked to end or its lease is over. The remaining messages come again.
/// `handler<Handler>(args…)` makes both kinds of handlers.
class message_handler {
public:
  virtual ~message_handler() = default;

  virtual void start(const assignment& what) { static_cast<void>(what); }

  virtual verdict handle(const message& one) = 0;

protected:
  /// In handle(): the partition of the message.
  const topic_partition& from() const noexcept { return *partition_; }

  /// In handle(): acknowledges the message at a later time. handle() answers later().
  ack_handle ack_later() const { return {*acks_, first_, next_}; }

  /// In handle(): as batch::drain_requested(), for a handler that needs long for one message.
  bool drain_requested() const noexcept { return *acks_ && (*acks_)->progress().is_ending(); }

private:
  friend class message_by_message;
  const topic_partition* partition_ = nullptr;
  const std::shared_ptr<const ack_sink>* acks_ = nullptr;
  std::int64_t first_ = 0;
  std::int64_t next_ = 0;
};

/// A batch_handler that gives each message of a batch to `to`. Null if `to` is null, which fails
/// the worker's start.
std::unique_ptr<batch_handler> as_batch_handler(std::unique_ptr<message_handler> to);

} // namespace ottla::kafka
