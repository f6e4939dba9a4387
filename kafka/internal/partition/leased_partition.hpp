#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/detail/ack_sink.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>
#include <ottla/kafka/internal/partition/verdict_ledger.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace ottla::kafka {

/// One partition as its worker sees it: the state that the worker leases, the terms of the lease,
/// and the offsets that the handler's verdicts left open.
class leased_partition {
public:
  leased_partition(state_ptr state, std::shared_ptr<const assignment> terms,
                   std::shared_ptr<const ack_sink> acks)
    : state_{std::move(state)}, terms_{std::move(terms)}, acks_{std::move(acks)} {}

  const state_ptr& state() const noexcept { return state_; }
  const std::shared_ptr<const assignment>& terms() const noexcept { return terms_; }
  const std::shared_ptr<const ack_sink>& acks() const noexcept { return acks_; }

  /// Returns nullopt if the lease is over.
  std::optional<fetched> take(std::size_t most) const { return state_->take(terms_->epoch, most); }

  batch messages_of(const fetched& what) const {
    return {terms_->where, what.messages, what.first, what.next, acks_};
  }

  /// Leaves the acknowledgement of `of` to the next take, which saves a lock. Call before the
  /// handler gets `of`, and only if that take follows the handler's verdict immediately.
  void leave_to_next_take(const fetched& of) const {
    if (of.in_order)
      acks_->progress().leave_to_next_take();
  }

  /// Applies the handler's verdict on `of`, and notes that the handler has finished `of`:
  /// - ack: acknowledges the batch, and the offsets that earlier verdicts left open.
  /// - ack_until: does the same up to and including the verdict's offset, and leaves the rest open.
  /// - carry_on: leaves the batch open.
  /// - no_ack: acknowledges nothing, and no later verdict acknowledges the batch.
  /// - later: acknowledges nothing. An ack_handle acknowledges the batch. A message_handler's
  ///   adapter returns `later` too, after it has applied the verdict of each message.
  void apply(const verdict& what, const fetched& of) {
    // If one of the completed ranges starts with the batch, the ledger reports that range last.
    ledger_.apply(what, of.first, of.next, [this](std::int64_t from, std::int64_t to) {
      acks_->last_of_batch_done(from, to);
    });
    acks_->progress().end_batch();
  }

  void begin_end_of_handler() const { state_->begin_end_of_handler(terms_->epoch); }
  void copy_what_stays() const { state_->copy_what_stays(terms_->epoch); }

private:
  state_ptr state_;
  std::shared_ptr<const assignment> terms_;
  std::shared_ptr<const ack_sink> acks_;
  verdict_ledger ledger_;
};

} // namespace ottla::kafka
