#pragma once

#include <ottla/kafka/consumer/verdict.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>

namespace ottla::kafka::simulation {

/// What handlers have said of the offsets delivered under one lease, one by one: the documented
/// meaning of verdicts, written down again in the plainest way.
class lease_model {
public:
  lease_model() = default;
  explicit lease_model(std::int64_t begins_at) : base_{begins_at} {}

  /// The offsets up to there were delivered, and no further.
  std::int64_t next() const noexcept { return base_ + static_cast<std::int64_t>(states_.size()); }

  /// Everything below is done.
  std::int64_t front() const noexcept { return base_ + static_cast<std::int64_t>(done_); }

  void deliver(std::int64_t next_offset);
  /// Up to there the log holds nothing that could be delivered.
  void pass(std::int64_t next_offset);
  void judge(const verdict& what, std::int64_t first, std::int64_t next_offset);
  /// By an ack_handle.
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
