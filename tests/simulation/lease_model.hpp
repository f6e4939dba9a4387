#pragma once

#include <ottla/kafka/consumer/verdict.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>

namespace ottla::kafka::simulation {

/// The state of each offset delivered under one lease, as the handlers' verdicts set it. A second,
/// simpler implementation of the documented meaning of verdicts.
class lease_model {
public:
  lease_model() = default;
  explicit lease_model(std::int64_t begins_at) : base_{begins_at} {}

  /// The offset after the last delivered offset.
  std::int64_t next() const noexcept { return base_ + static_cast<std::int64_t>(states_.size()); }

  /// The first offset that is not done.
  std::int64_t front() const noexcept { return base_ + static_cast<std::int64_t>(done_); }

  void deliver(std::int64_t next_offset);
  /// The log holds no record from next() up to `next_offset`.
  void pass(std::int64_t next_offset);
  void apply(const verdict& what, std::int64_t first, std::int64_t next_offset);
  /// An ack_handle acknowledges these offsets.
  void finish(std::int64_t first, std::int64_t next_offset);

private:
  enum class state : std::uint8_t { delivered, open, held, done };

  void close_open(std::int64_t below);
  void advance();
  template <class Change>
  void each(std::int64_t first, std::int64_t next_offset, Change change);

  std::int64_t base_ = 0;
  std::deque<state> states_;
  std::size_t done_ = 0;
};

} // namespace ottla::kafka::simulation
