#pragma once

#include <cstdint>

namespace ottla::kafka {

/// What a handler says of a batch. Make one with the functions below.
struct verdict {
  enum class kind : std::uint8_t { ack, ack_until, carry_on, no_ack, later };

  kind what = kind::ack;
  std::int64_t offset = 0;
};

/// Done with this batch and with everything delivered before it: none of it comes again.
inline verdict ack() {
  return {};
}

/// Done up to this offset, itself included, and at most up to the end of the batch; what is behind
/// it is covered by a later ack, or comes again after a restart.
inline verdict ack_until(std::int64_t offset) {
  return {verdict::kind::ack_until, offset};
}

/// Seen but not done: a later ack covers it.
inline verdict carry_on() {
  return {verdict::kind::carry_on, 0};
}

/// Not done, and no later ack covers it: nothing is committed past its start, and it comes again
/// with the next worker of the partition. Taking goes on until the window is full.
inline verdict no_ack() {
  return {verdict::kind::no_ack, 0};
}

/// Acknowledged by its ack_handle, when it is done; no other ack covers it. Taking goes on until
/// the window is full.
inline verdict later() {
  return {verdict::kind::later, 0};
}

} // namespace ottla::kafka
