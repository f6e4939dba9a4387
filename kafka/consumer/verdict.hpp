#pragma once

#include <cstdint>

namespace ottla::kafka {

/// A handler's answer to a batch or a message. Make one with the functions below.
struct verdict {
  enum class kind : std::uint8_t { ack, ack_until, carry_on, no_ack, later };

  kind what = kind::ack;
  std::int64_t offset = 0;
};

/// Done with this batch, and with all offsets before it that carry_on() or ack_until() left open.
inline verdict ack() {
  return {};
}

/// Done up to and including this offset, at most up to the end of the batch. A later ack covers the
/// offsets behind it; without one they come again after a restart.
inline verdict ack_until(std::int64_t offset) {
  return {verdict::kind::ack_until, offset};
}

/// Seen but not done: a later ack covers it.
inline verdict carry_on() {
  return {verdict::kind::carry_on, 0};
}

/// Not done, and no later ack covers the batch. Nothing is committed past its start, and the next
/// worker of the partition gets the batch again. Delivery continues until the window is full.
inline verdict no_ack() {
  return {verdict::kind::no_ack, 0};
}

/// The ack_handle acknowledges the batch later; no other ack covers it. Delivery continues until
/// the window is full.
inline verdict later() {
  return {verdict::kind::later, 0};
}

} // namespace ottla::kafka
