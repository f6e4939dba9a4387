#include "simulated_handler.hpp"

#include <ottla/kafka/consumer/handle_batch.hpp>
#include <ottla/kafka/consumer/handler.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>

#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

namespace ottla::kafka::simulation {

/// A message to a handling process: answer this request now.
struct answer_now {
  std::uint64_t number = 0;
};

} // namespace ottla::kafka::simulation

OTTLA_MESSAGES_BEGIN(ottla_simulation_handler, ottla::first_user_type_id + 310)
OTTLA_MESSAGE(ottla_simulation_handler, (ottla::kafka::simulation::answer_now))
OTTLA_MESSAGES_END(ottla_simulation_handler)

namespace ottla::kafka::simulation {

namespace {

const char* name_of(verdict::kind what) {
  switch (what) {
    case verdict::kind::ack: return "ack";
    case verdict::kind::ack_until: return "ack until";
    case verdict::kind::carry_on: return "carry on";
    case verdict::kind::no_ack: return "no ack";
    case verdict::kind::later: return "later";
  }
  return "?";
}

class object : public batch_handler {
public:
  object(scene* on, std::size_t member) : on_{*on}, by_{*on, member} { ++on_.handlers; }
  ~object() override {
    by_.end(leases_);
    --on_.handlers;
  }
  object(const object&) = delete;
  object& operator=(const object&) = delete;

  void start(const assignment& what) override {
    leases_[what.where] = what;
    by_.begin(what, true);
  }

  verdict handle(batch messages) override {
    return by_.handle(leases_.at(messages.from()), messages, false);
  }

private:
  scene& on_;
  handling by_;
  std::map<topic_partition, assignment> leases_;
};

/// Handles one message at a time. Like any handler, first reports the whole batch to the
/// invariants.
class records : public batch_handler {
public:
  records(scene* on, std::size_t member) : on_{*on}, member_{member} { ++on_.handlers; }
  ~records() override {
    handling{on_, member_}.end(*leases_);
    --on_.handlers;
  }
  records(const records&) = delete;
  records& operator=(const records&) = delete;

  void start(const assignment& what) override { one_by_one_->start(what); }

  verdict handle(batch messages) override {
    on_.checks.delivered(member_, leases_->at(messages.from()), messages, false);
    return one_by_one_->handle(std::move(messages));
  }

private:
  using known_leases = std::shared_ptr<std::map<topic_partition, assignment>>;

  class one : public message_handler {
  public:
    one(scene& on, std::size_t member, known_leases leases)
      : by_{on, member}, leases_{std::move(leases)} {}

    void start(const assignment& what) override {
      (*leases_)[what.where] = what;
      by_.begin(what, true);
    }

    verdict handle(const message& what) override {
      return by_.handle_one(leases_->at(from()), what, ack_later());
    }

  private:
    handling by_;
    known_leases leases_;
  };

  scene& on_;
  std::size_t member_;
  known_leases leases_ = std::make_shared<known_leases::element_type>();
  std::unique_ptr<batch_handler> one_by_one_
    = as_batch_handler(std::make_unique<one>(on_, member_, leases_));
};

class handling_process : public caf::event_based_actor {
public:
  handling_process(caf::actor_config& config, scene* on, std::size_t member)
    : caf::event_based_actor{config}, on_{*on}, by_{*on, member} {}

  caf::behavior make_behavior() override {
    return {
      [this](const handle_batch& what) { return answer(what); },
      [this](answer_now which) {
        if (const auto found = open_.extract(which.number))
          say(found.mapped());
      },
    };
  }

private:
  struct request {
    caf::response_promise promise;
    handle_batch what;
  };

  caf::result<verdict> answer(const handle_batch& what) {
    request one{make_response_promise(), what};
    const auto promise = one.promise;
    if (on_.mishap(on_.how.lost_answers))
      return promise;
    if (!on_.mishap(on_.how.slow_answers)) {
      say(one);
      return promise;
    }
    open_.emplace(++last_, std::move(one));
    on_.clock.after(on_.within(1, on_.how.slowest_answer.count()),
                    [number = last_, me = caf::actor_addr{address()}] {
                      if (const auto self = caf::actor_cast<caf::actor>(me))
                        post(self, answer_now{number});
                    });
    return promise;
  }

  void say(request& one) {
    try {
      one.promise.deliver(by_.handle(*one.what.lease, one.what.batch->messages(), true));
    } catch (const std::exception& thrown) {
      one.promise.deliver(make_text_error(thrown.what()));
    }
  }

  std::map<std::uint64_t, request> open_;
  std::uint64_t last_ = 0;
  scene& on_;
  handling by_;
};

} // namespace

void handling::begin(const assignment& lease, bool may_throw) {
  on_.log.line("m{}     worker of {} begins at {}, epoch {}", member_, to_string(lease.where),
               lease.begins_at, lease.epoch);
  on_.checks.leased(member_, lease);
  if (may_throw && on_.mishap(on_.how.failed_starts))
    throw std::runtime_error{"the handler cannot start"};
}

verdict handling::handle(const assignment& lease, const batch& messages, bool late) {
  const bool counts = on_.checks.delivered(member_, lease, messages, late);
  const auto first = messages.first_of(0);
  const auto next = messages.next_of(messages.size() - 1);
  if (!late)
    on_.be_slow();
  may_throw(lease, first, next);
  const auto said = messages.drain_requested() && on_.random.chance(500)
                      ? ack_until(on_.random.between(first - 1, next))
                      : decide(messages.front().offset(), messages.back().offset());
  on_.log.line("m{}     {} [{}..{}) epoch {}: {}{}", member_, to_string(lease.where), first, next,
               lease.epoch, name_of(said.what), counts ? "" : ", does not count");
  if (counts)
    on_.checks.answered(member_, lease, said, first, next);
  if (said.what == verdict::kind::later)
    acknowledge_later(lease, messages);
  return said;
}

verdict handling::handle_one(const assignment& lease, const message& one, const ack_handle& ack) {
  on_.checks.begun(member_, lease, one.offset());
  on_.be_slow();
  may_throw(lease, ack.first(), ack.next());
  const auto said = decide(one.offset(), one.offset());
  on_.log.line("m{}     {} {} epoch {}: {}", member_, to_string(lease.where), one.offset(),
               lease.epoch, name_of(said.what));
  on_.checks.answered(member_, lease, said, ack.first(), ack.next());
  if (said.what == verdict::kind::later)
    acknowledge_later(lease, ack);
  return said;
}

void handling::end(const std::map<topic_partition, assignment>& leases) noexcept {
  std::map<topic_partition, std::uint64_t> tenures;
  for (const auto& [where, lease] : leases)
    tenures[where] = on_.checks.end_began(member_, lease);
  try {
    if (!on_.hang_at_end())
      return;
  } catch (const std::exception& thrown) {
    on_.checks.demand(false, "the tree becomes idle", "{}", thrown.what());
    return;
  }
  on_.log.line("m{}     the destructor of a handler returns", member_);
  if (!on_.how.replaces_at_once())
    return;
  for (const auto& [where, lease] : leases)
    if (tenures[where] != 0)
      on_.checks.end_returned(member_, lease, tenures[where]);
}

void handling::may_throw(const assignment& lease, std::int64_t first, std::int64_t next) {
  if (!on_.mishap(on_.how.throws))
    return;
  on_.log.line("m{}     {} [{}..{}) epoch {}: throws", member_, to_string(lease.where), first, next,
               lease.epoch);
  throw std::runtime_error{"bad record"};
}

verdict handling::decide(std::int64_t first, std::int64_t last) {
  if (on_.mishap(on_.how.laters))
    return later();
  if (on_.mishap(on_.how.no_acks))
    return no_ack();
  if (on_.mishap(on_.how.carry_ons))
    return carry_on();
  if (on_.mishap(on_.how.acks_until))
    return ack_until(on_.random.between(first - 2, last + 2));
  return ack();
}

void handling::acknowledge_later(const assignment& lease, const ack_handle& ack) {
  if (on_.mishap(on_.how.forgotten))
    return;
  for (auto times = on_.random.chance(100) ? 2 : 1; times > 0; --times)
    on_.clock.after(on_.within(0, 500), [on = &on_, member = member_, lease, ack] {
      on->log.line("m{}     {} [{}..{}) epoch {}: acknowledged now", member, to_string(lease.where),
                   ack.first(), ack.next(), lease.epoch);
      on->checks.finished(member, lease, ack.first(), ack.next());
      ack.ack();
    });
}

void handling::acknowledge_later(const assignment& lease, const batch& messages) {
  if (on_.random.chance(500)) {
    acknowledge_later(lease, messages.ack_later());
    return;
  }
  for (std::size_t index = 0; index < messages.size(); ++index)
    acknowledge_later(lease, messages.ack_later(index));
}

group_handler make_handler(scene& on, std::size_t member, caf::actor_system& system,
                           std::vector<caf::actor>& processes) {
  if (on.how.message_handlers)
    return handler<records>(&on, member);
  if (!on.how.handler_processes)
    return handler<object>(&on, member);
  auto process = caf::actor_cast<caf::actor>(system.spawn<handling_process>(&on, member));
  processes.push_back(process);
  return handled_by([&on, member, process](const assignment& lease) {
    handling{on, member}.begin(lease, false);
    return process;
  });
}

} // namespace ottla::kafka::simulation
