#include <ottla/kafka/group/worker.hpp>
#include <ottla/kafka/names.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

/// A wake that got lost on its way through the client must not stop a partition for ever.
constexpr auto safety_look = std::chrono::seconds{1};

} // namespace

worker::worker(caf::actor_config& config, process_context context, group_context_ptr group,
               record_ptr record)
  : process{config, std::move(context)}, group_{std::move(group)}, record_{std::move(record)} {}

caf::behavior worker::set_up() {
  // The record outlives the worker, and must not keep it alive.
  const auto lease = record_->lease([me = caf::actor_addr{address()}] {
    if (auto self = caf::actor_cast<caf::actor>(me))
      post(self, wake{});
  });
  if (!lease)
    return {};
  epoch_ = lease->epoch;
  handler_ = group_->settings.handler();
  if (!handler_)
    throw std::invalid_argument{"the handler factory made nothing"};
  handler_->start({.connection = group_->connection,
                   .group = group_->settings.group,
                   .where = record_->where(),
                   .generation = record_->generation(),
                   .epoch = epoch_,
                   .begins_at = lease->begins_at});
  cast(this, self(), wake{});
  cast_after(this, safety_look, tick{});
  return {
    [this](wake) { look(); },
    [this](tick) {
      look();
      cast_after(this, safety_look, tick{});
    },
    [this](take_more) {
      continuing_ = false;
      work();
    },
    [this](drain) { stop(); },
  };
}

void worker::terminated() {
  handler_.reset();
  record_.reset();
}

void worker::look() {
  // One that goes on by itself looks anyway; each look beside it would be one more for ever, and
  // all of them would stand before a drain.
  if (!continuing_)
    work();
}

void worker::work() {
  const auto batch_in_hand = record_->take(epoch_, group_->settings.batch_size);
  if (batch_in_hand.lease_over) {
    stop();
    return;
  }
  if (!batch_in_hand.messages.empty())
    judge(handler_->handle({record_->where(), batch_in_hand.messages}), batch_in_hand);
  if (batch_in_hand.failed) {
    if (auto coordinator = whereis(coordinator_name))
      cast(this, coordinator, partition_failed{record_, *batch_in_hand.failed});
    throw std::runtime_error{to_string(record_->where()) + ": " + to_string(*batch_in_hand.failed)};
  }
  // Through the mailbox, so that a drain gets in between two batches.
  if (batch_in_hand.more) {
    continuing_ = true;
    cast(this, self(), take_more{});
  }
}

void worker::judge(const verdict& what, const taken& on) {
  if (what.what == verdict::kind::no_ack)
    return;
  if (!open_.empty() && open_.back().next == on.first)
    open_.back().next = on.next;
  else
    open_.push_back({on.first, on.next});
  switch (what.what) {
    case verdict::kind::ack: acknowledge_until(on.next); break;
    case verdict::kind::ack_until:
      acknowledge_until(what.offset < on.next ? what.offset + 1 : on.next);
      break;
    case verdict::kind::carry_on:
    case verdict::kind::no_ack: break;
  }
}

void worker::acknowledge_until(std::int64_t next) {
  while (!open_.empty() && open_.front().first < next) {
    auto& range = open_.front();
    const auto done = std::min(next, range.next);
    acknowledge(range.first, done);
    range.first = done;
    if (range.first == range.next)
      open_.pop_front();
  }
}

void worker::acknowledge(std::int64_t first, std::int64_t next) {
  // Straight to the record where order allows: its batch goes back at once, still in the caches.
  if (record_->acknowledge_in_order(epoch_, first, next)) {
    group_->observer->acknowledged(record_->where(), next);
    return;
  }
  // Without an acknowledger there is nobody to tell: its replacement brings new workers with it,
  // and this batch comes again.
  if (auto acknowledger = whereis(acknowledger_name))
    cast(this, acknowledger, batch_acked{record_, epoch_, first, next});
}

} // namespace ottla::kafka
