#pragma once

#include <cstdint>

namespace ottla::kafka {

/// A handler's answer to a batch or a message. Create verdicts with the functions below.
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

/// Leaves this batch open. A later ack() covers it.
inline verdict carry_on() {
  return {verdict::kind::carry_on, 0};
}

/// Rejects this batch, so that no later ack() covers it. Nothing is committed past its start, and
/// the next worker of the partition gets the batch again. Delivery continues up to
/// group_consumer::max_unacknowledged and memory_bytes.
inline verdict no_ack() {
  return {verdict::kind::no_ack, 0};
}

/// An ack_handle acknowledges this batch later, and no later ack() covers it. Delivery continues up
/// to group_consumer::max_unacknowledged and memory_bytes.
inline verdict later() {
  return {verdict::kind::later, 0};
}

} // namespace ottla::kafka
