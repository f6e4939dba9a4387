#pragma once

#include <cstdint>

namespace ottla::kafka {

/// A handler's answer to a batch or a message. Create verdicts with the functions below. For a
/// message_handler, read "this batch" as "this message".
///
///     | the handler …                                          | returns                    |
///     |--------------------------------------------------------|----------------------------|
///     | has finished the batch                                 | ack()                      |
///     | has finished a part, for example at drain_requested()  | ack_until(offset)          |
///     | collects several batches and finishes them together    | carry_on(), at last ack()  |
///     | finishes later, in a callback or on another thread     | later(), with ack_later()  |
///     | wants the batch again now                              | throws                     |
///     | wants the batch again only after a restart or a move   | no_ack()                   |
///
/// A message that fails each time blocks its partition if the handler throws each time. To skip the
/// message, store it elsewhere, for example in another topic, and return ack().
struct verdict {
  enum class kind : std::uint8_t { ack, ack_until, carry_on, no_ack, later };

  kind what = kind::ack;
  std::int64_t offset = 0;
};

/// Acknowledges this batch, and all earlier offsets that carry_on() or ack_until() left open.
inline verdict ack() {
  return {};
}

/// Acknowledges up to and including `offset`, at most up to the end of the batch. A later ack()
/// covers the rest of the batch. Without a later ack() the rest is delivered again after a restart.
inline verdict ack_until(std::int64_t offset) {
  return {verdict::kind::ack_until, offset};
}

/// Leaves this batch open. A later ack() covers it. Without a later ack() the batch is delivered
/// again after a restart.
inline verdict carry_on() {
  return {verdict::kind::carry_on, 0};
}

/// Rejects this batch, so that no later ack() covers it. Nothing is committed past its start. This
/// worker does not get the batch again, but the next worker of the partition does. Until then,
/// delivery continues up to group_consumer::max_unacknowledged and memory_bytes, and then pauses. A
/// handler that wants the batch again at once throws instead.
inline verdict no_ack() {
  return {verdict::kind::no_ack, 0};
}

/// An ack_handle acknowledges this batch later, and no later ack() covers it. Delivery continues up
/// to group_consumer::max_unacknowledged and memory_bytes.
inline verdict later() {
  return {verdict::kind::later, 0};
}

} // namespace ottla::kafka
