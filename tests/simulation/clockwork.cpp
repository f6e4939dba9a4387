#include "clockwork.hpp"

#include <ottla/actors/type_ids.hpp>

#include <algorithm>

namespace ottla::kafka::simulation {

/// A message to the hands of a clockwork: run a function that is due.
struct chime {};

} // namespace ottla::kafka::simulation

OTTLA_MESSAGES_BEGIN(ottla_simulation_clockwork, ottla::first_user_type_id + 300)
OTTLA_MESSAGE(ottla_simulation_clockwork, (ottla::kafka::simulation::chime))
OTTLA_MESSAGES_END(ottla_simulation_clockwork)

namespace ottla::kafka::simulation {

class clockwork::hands : public caf::event_based_actor {
public:
  hands(caf::actor_config& config, clockwork* of) : caf::event_based_actor{config}, of_{of} {}

  caf::behavior make_behavior() override {
    return {
      [this](chime) { move(); },
    };
  }

private:
  void move() {
    const auto until_next = of_->turn();
    if (until_next == moment::zero())
      cast(this, caf::actor_cast<caf::actor>(this), chime{});
    else if (until_next > moment::zero())
      cast_after(this, until_next, chime{});
  }

  clockwork* of_;
};

void clockwork::start(virtual_time& on) {
  time_ = &on;
  began_ = on.now();
  hands_ = caf::actor_cast<caf::actor>(on.system().spawn<hands>(this));
}

void clockwork::stop() {
  due_.clear();
  kill(hands_);
  hands_ = {};
}

moment clockwork::now() const {
  return std::chrono::duration_cast<moment>(time_->now() - began_);
}

void clockwork::after(moment delay, std::function<void()> then) {
  const auto at = now() + std::max(delay, moment::zero());
  due_.emplace(std::pair{at, ++last_}, std::move(then));
  if (hands_ && at < armed_)
    post(hands_, chime{});
}

moment clockwork::turn() {
  if (armed_ <= now())
    armed_ = moment::max();
  if (!due_.empty() && due_.begin()->first.first <= now()) {
    const auto then = std::move(due_.extract(due_.begin()).mapped());
    then();
  }
  if (due_.empty())
    return moment{-1};
  const auto next = due_.begin()->first.first;
  if (next <= now())
    return moment::zero();
  if (next >= armed_)
    return moment{-1};
  armed_ = next;
  return next - now();
}

} // namespace ottla::kafka::simulation
