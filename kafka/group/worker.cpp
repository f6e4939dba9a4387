#include <ottla/actors/call.hpp>
#include <ottla/kafka/group/lease_acks.hpp>
#include <ottla/kafka/group/worker.hpp>
#include <ottla/kafka/names.hpp>

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
  acks_ = std::make_shared<lease_acks>(group_->observer, record_, epoch_,
                                       whereis(acknowledger_name).address());
  lease_ = std::make_shared<const assignment>(assignment{.connection = group_->connection,
                                                         .group = group_->settings.group,
                                                         .where = record_->where(),
                                                         .generation = record_->generation(),
                                                         .epoch = epoch_,
                                                         .begins_at = lease->begins_at});
  choose_handler();
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
    [this](drain) {
      draining_ = true;
      if (!in_hand_)
        stop();
    },
  };
}

void worker::choose_handler() {
  if (const auto* process = std::get_if<handler_process>(&group_->settings.handler)) {
    handler_process_ = process->of(*lease_, group_->application);
    return;
  }
  handler_ = std::get<handler_factory>(group_->settings.handler)();
  if (!handler_)
    throw std::invalid_argument{"the handler factory made nothing"};
  handler_->start(*lease_);
}

void worker::terminated() {
  handler_.reset();
  handler_process_ = {};
  in_hand_.reset();
  acks_.reset();
  record_.reset();
}

void worker::look() {
  // One that goes on by itself looks anyway; each look beside it would be one more for ever, and
  // all of them would stand before a drain.
  if (!continuing_)
    work();
}

void worker::work() {
  if (in_hand_)
    return;
  auto batch = record_->take(epoch_, group_->settings.batch_size);
  if (batch.lease_over) {
    stop();
    return;
  }
  if (!batch.messages.empty()) {
    if (!handler_) {
      in_hand_ = std::move(batch);
      ask_handler_process();
      return;
    }
    judge(handler_->handle({record_->where(), batch.messages, batch.first, batch.next, acks_}),
          batch.first, batch.next);
  }
  done_with(batch);
}

void worker::ask_handler_process() {
  auto batch = std::make_shared<const held_batch>(
    record_->where(), in_hand_->memory, in_hand_->messages, in_hand_->first, in_hand_->next, acks_);
  call<verdict>(this, handler_process_, infinity, handle_batch{std::move(batch), lease_},
                [this](const call_result<verdict>& answer) { answered(answer); });
}

void worker::answered(const call_result<verdict>& answer) {
  if (!answer)
    throw std::runtime_error{"the handler process did not answer: " + to_string(answer.error())};
  const auto batch = *std::exchange(in_hand_, std::nullopt);
  judge(*answer, batch.first, batch.next);
  if (draining_)
    stop();
  else
    done_with(batch);
}

void worker::done_with(const taken& batch) {
  if (batch.failed) {
    if (auto coordinator = whereis(coordinator_name))
      cast(this, coordinator, partition_failed{record_, *batch.failed});
    throw std::runtime_error{to_string(record_->where()) + ": " + to_string(*batch.failed)};
  }
  // Through the mailbox, so that a drain gets in between two batches.
  if (batch.more) {
    continuing_ = true;
    cast(this, self(), take_more{});
  }
}

void worker::judge(const verdict& what, std::int64_t first, std::int64_t next) {
  ledger_.judge(what, first, next,
                [this](std::int64_t from, std::int64_t to) { acks_->done(from, to); });
}

} // namespace ottla::kafka
