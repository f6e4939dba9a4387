#include <ottla/actors/call.hpp>
#include <ottla/kafka/consumer/handler.hpp>
#include <ottla/kafka/internal/group/worker.hpp>
#include <ottla/kafka/internal/partition/lease_acks.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/internal/tree_context.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

/// A text such as `no handler process is named "judge"`.
std::string why_unanswered(const process_ref& handler, const exit_reason& why) {
  if (why.what != exit_reason::kind::noproc)
    return "the handler process did not answer: " + to_string(why);
  if (handler.name().empty())
    return "the handler process has ended";
  return "no handler process is named \"" + handler.name() + "\"";
}

/// Time between two takes without a wake. If the driver loses a wake, the partition is delayed for
/// at most this time.
constexpr auto safety_check = std::chrono::seconds{1};

} // namespace

worker::worker(caf::actor_config& config, process_context context, group_context_ptr group,
               std::vector<state_ptr> states, std::size_t first_turn)
  : sees_arrivals<process>{config, std::move(context)},
    group_{std::move(group)},
    states_{std::move(states)},
    turn_{first_turn} {}

caf::behavior worker::set_up() {
  if (!lease_all()) {
    ignore_start();
    return {};
  }
  choose_handler();
  cast(this, self(), wake{});
  cast_after(this, safety_check, tick{});
  return {
    [this](wake) { woken(); },
    [this](tick) {
      for (const auto& lease : leases_)
        lease.copy_what_stays();
      woken();
      cast_after(this, safety_check, tick{});
    },
    [this](take_more) {
      continuing_ = false;
      work();
    },
    [this](drain) {
      draining_ = true;
      if (!sent_to_process_)
        stop();
    },
  };
}

bool worker::lease_all() {
  const auto acknowledger = whereis(acknowledger_name).address();
  for (const auto& state : states_) {
    auto progress = std::make_shared<lease_progress>(is_to_end_);
    // The partition_state and its queue call this waker. With librdkafka, the queue's inbox in
    // fetch_pool calls it. The partition_state outlives the worker and must not keep the worker
    // alive.
    const auto lease = state->lease(
      [me = caf::actor_addr{address()}] {
        if (auto self = caf::actor_cast<caf::actor>(me))
          post(self, wake{});
      },
      id(), progress, group_->observer);
    if (!lease)
      return false;
    auto terms = std::make_shared<const assignment>(assignment{.connection = group_->connection,
                                                               .group = group_->settings.group,
                                                               .where = state->where(),
                                                               .generation = state->generation(),
                                                               .epoch = lease->epoch,
                                                               .begins_at = lease->begins_at,
                                                               .missing = lease->missing});
    leases_.emplace_back(
      state, std::move(terms),
      std::make_shared<lease_acks>(std::move(progress), state, lease->epoch, acknowledger));
  }
  return true;
}

void worker::choose_handler() {
  if (const auto* process = std::get_if<handler_process>(&group_->settings.handler)) {
    handler_process_ = process->of(*leases_.front().terms(), group_->application);
    if (const auto fault = fault_of(handler_process_); !fault.empty())
      throw std::invalid_argument{"no handler process can be found: " + fault};
    const auto& handle = handler_process_.handle();
    group_->handler_answers->begin(id(), {handler_process_.name(), handle ? handle.id() : 0});
    return;
  }
  handler_ = std::get<handler_factory>(group_->settings.handler)();
  if (!handler_)
    throw std::invalid_argument{"the handler factory returned null"};
  for (const auto& lease : leases_)
    handler_->start(*lease.terms());
}

void worker::shutdown(const exit_reason& why) {
  // In a stop, the worker waits for its handler process until the kill. This function never runs
  // during a call of a handler object. Such a call delays this function until the call returns.
  const bool is_stop = is_tree_stopping(context());
  if (is_stop && sent_to_process_ && leases_[sent_to_process_->lease].state()->holder() == id())
    draining_ = true;
  else
    stop(why);
}

void worker::terminated() {
  group_->handler_answers->end(id());
  for (const auto& lease : leases_)
    lease.begin_end_of_handler();
  handler_.reset();
  handler_process_ = {};
  sent_to_process_.reset();
  // The leases do not end here. A partition_state ends its lease when the next worker's lease
  // begins, so acknowledgements that are still on their way count.
  leases_.clear();
  states_.clear();
}

void worker::arrived(const message_content& what) noexcept {
  if (what.match_elements<drain>() || ends_this(what))
    is_to_end_->store(true, std::memory_order_release);
}

void worker::woken() {
  // While continuing_ is set, a take_more is queued already. If each wake called work(), each would
  // add a take_more that repeats itself, and these messages would delay a drain.
  if (sent_to_process_)
    woken_during_batch_ = true;
  else if (!continuing_)
    work();
}

void worker::work() {
  // In the mailbox, wakes may precede the message that ends this process. The worker handles these
  // wakes without taking a batch.
  if (sent_to_process_ || *is_to_end_)
    return;
  for (std::size_t tried = 0; tried < leases_.size(); ++tried) {
    const auto which = turn_;
    turn_ = (turn_ + 1) % leases_.size();
    auto batch = leases_[which].take(group_->settings.batch_size);
    if (!batch) {
      stop();
      return;
    }
    if (!batch->messages.empty()) {
      handle(which, *std::move(batch));
      return;
    }
    if (batch->failed || batch->more) {
      finish_batch(leases_[which], *batch);
      return;
    }
  }
}

void worker::handle(std::size_t which, fetched batch) {
  auto& lease = leases_[which];
  // The next take follows at once, so the acknowledgement is left to that take: way 1 of
  // lease_acks.
  if (batch.more && leases_.size() == 1)
    lease.leave_to_next_take(batch);
  if (!handler_) {
    sent_to_process_ = {which, std::move(batch)};
    ask_handler_process();
    return;
  }
  lease.apply(handler_->handle(lease.messages_of(batch)), batch);
  finish_batch(lease, batch);
}

void worker::ask_handler_process() {
  const auto& lease = leases_[sent_to_process_->lease];
  const auto& what = sent_to_process_->batch;
  auto batch = std::make_shared<const held_batch>(lease.terms()->where, what.memory, what.messages,
                                                  what.first, what.next, lease.acks());
  call<verdict>(this, handler_process_, infinity, handle_batch{std::move(batch), lease.terms()},
                [this](const call_result<verdict>& answer) { answered(answer); });
}

void worker::answered(const call_result<verdict>& answer) {
  if (!answer)
    throw std::runtime_error{why_unanswered(handler_process_, answer.error())};
  group_->handler_answers->answered(id(), now().time_since_epoch());
  const auto [which, batch] = *std::exchange(sent_to_process_, std::nullopt);
  leases_[which].apply(*answer, batch);
  if (draining_)
    stop();
  else
    finish_batch(leases_[which], batch);
}

void worker::finish_batch(const leased_partition& lease, const fetched& batch) {
  if (batch.failed) {
    if (auto coordinator = whereis(coordinator_name))
      cast(this, coordinator, partition_failed{lease.state(), *batch.failed});
    throw std::runtime_error{to_string(lease.terms()->where) + ": " + to_string(*batch.failed)};
  }
  // If the worker was asked to end while the handler ran, the worker ends now, before the
  // supervisor kills it. The handler has finished the batch.
  if (*is_to_end_) {
    stop();
    return;
  }
  // The other partitions may have messages too.
  const bool woken = std::exchange(woken_during_batch_, false);
  if (batch.more || woken || leases_.size() > 1)
    continue_later();
}

void worker::continue_later() {
  // The message goes through the mailbox, so that a drain is handled between two batches.
  continuing_ = true;
  cast(this, self(), take_more{});
}

} // namespace ottla::kafka
