#include "simulated_membership.hpp"

#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>

#include "simulated_queue.hpp"

#include <algorithm>
#include <utility>

namespace ottla::kafka::simulation {

namespace {

using namespace std::chrono_literals;

std::string to_text(std::span<const topic_partition> partitions) {
  std::string text;
  for (const auto& one : partitions)
    text += ' ' + to_string(one);
  return text;
}

} // namespace

membership::membership(simulated_cluster& of, std::size_t member, consumer_handle_settings settings)
  : of_{of},
    on_{of.on()},
    member_{member},
    address_{of.coordinator_address()},
    settings_{std::move(settings)},
    polled_{of.on().clock.now()} {}

bool membership::cooperative() const noexcept {
  return settings_.strategy == assignor::cooperative_sticky;
}

void membership::after(moment delay, void (membership::*then)()) {
  on_.clock.after(delay, [weak = weak_from_this(), then] {
    if (const auto self = weak.lock(); self && !self->departed_)
      (self.get()->*then)();
  });
}

// -- events

void membership::wake_on_event(waker wake) {
  wake_ = std::move(wake);
  if (wake_ && !events_.empty())
    wake_();
}

void membership::push(consumer_event event) {
  const bool first = events_.empty();
  events_.push_back(std::move(event));
  if (first && wake_)
    wake_();
}

std::optional<consumer_event> membership::next_event() {
  polled_ = on_.clock.now();
  if (std::exchange(over_poll_, false))
    go_on();
  if (events_.empty())
    return std::nullopt;
  auto event = std::move(events_.front());
  events_.pop_front();
  if (const auto* failure = std::get_if<handle_failed>(&event);
      failure != nullptr && failure->what.code == errc::fenced)
    on_.checks.fenced(member_, settings_.session_timeout);
  if (const auto* back = std::get_if<revoked>(&event)) {
    for (const auto& one : back->partitions) {
      if (back->lost)
        on_.checks.lost(member_, one);
      else if (!closing_)
        on_.checks.asked_back(member_, one);
    }
  }
  return event;
}

// -- in and out of the group

void membership::subscribe() {
  join_soon(on_.latency());
  if (!std::exchange(beating_, true))
    beat();
}

void membership::join_soon(moment delay) {
  joining_ = true;
  on_.clock.after(delay, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->departed_ || self->closing_ || !self->joining_)
      return;
    if (!self->reaches_group()) {
      self->join_soon(self->on_.within(50, 200));
      return;
    }
    if (self->id_ != 0 && self->of_.group().hear(self->id_) == simulated_group::health::unknown) {
      self->id_ = 0;
      self->joining_ = false;
      self->lose("the group has removed the member");
      return;
    }
    ++self->sync_;
    self->id_ = self->of_.group().join(
      self, self->id_, self->cooperative() ? self->owned_ : std::set<topic_partition>{});
  });
}

void membership::sync(std::int32_t generation, const std::set<topic_partition>& share) {
  on_.clock.after(on_.latency(), [weak = weak_from_this(), generation, share, sync = sync_] {
    const auto self = weak.lock();
    if (!self || self->departed_ || self->sync_ != sync || !self->joining_ || self->closing_)
      return;
    if (!self->reaches_group()) {
      self->joining_ = false;
      self->lose("the answer to the join did not arrive");
      return;
    }
    self->joining_ = false;
    self->generation_ = generation;
    self->heard_ = self->on_.clock.now();
    std::vector<topic_partition> removed;
    std::vector<topic_partition> added;
    std::ranges::set_difference(self->owned_, share, std::back_inserter(removed));
    std::ranges::set_difference(share, self->owned_, std::back_inserter(added));
    if (removed.empty()) {
      self->give(std::move(added)); // also offers an empty share
      return;
    }
    self->to_give_ = std::move(added);
    self->rejoin_ = true;
    self->ask_back(std::move(removed), false);
  });
}

void membership::beat() {
  after(settings_.heartbeat_interval, &membership::beat);
  beat_once();
}

void membership::beat_once() {
  if (joining_ || closed_ || over_poll_)
    return;
  const auto now = on_.clock.now();
  if (now - polled_ > moment{settings_.max_poll_interval}) {
    over_poll_ = true;
    push(handle_failed{{.code = errc::other, .text = "max poll interval exceeded"}});
    of_.group().leave(std::exchange(id_, 0));
    lose("the handle was not polled");
    return;
  }
  if (!reaches_group()) {
    if (now - heard_ > moment{settings_.session_timeout} && !lost_) {
      heard_ = now;
      lose("the session timed out");
    }
    return;
  }
  ++heartbeats_;
  switch (of_.group().hear(id_)) {
    case simulated_group::health::fine: heard_ = now; break;
    case simulated_group::health::rebalancing:
      heard_ = now;
      rebalance();
      break;
    case simulated_group::health::unknown:
      id_ = 0;
      lose("the group does not know the member");
      break;
  }
}

void membership::rebalance() {
  if (closing_)
    return;
  if (busy()) {
    rejoin_ = true;
    return;
  }
  if (!cooperative() && !owned_.empty()) {
    rejoin_ = true;
    ask_back({owned_.begin(), owned_.end()}, false);
    return;
  }
  join_soon(on_.latency());
}

void membership::lose(const char* why) {
  if (lost_ || (closing_ && busy()))
    return;
  on_.log.line("m{}   lost its membership: {}", member_, why);
  rejoin_ = true;
  to_give_.clear();
  if (offer_ && !request_ && on_.mishap(on_.how.withdrawn_offers)) {
    auto all = std::move(std::exchange(offer_, std::nullopt)->partitions);
    all.insert(all.end(), owned_.begin(), owned_.end());
    ask_back(std::move(all), true);
    return;
  }
  lost_ = true;
  if (!busy())
    go_on();
}

/// Takes the next step, if no offer and no request is open.
void membership::go_on() {
  if (busy() || departed_ || over_poll_)
    return;
  if (std::exchange(lost_, false) && !owned_.empty()) {
    ask_back({owned_.begin(), owned_.end()}, true);
    return;
  }
  if (closing_) {
    begin_close();
    return;
  }
  if (!to_give_.empty()) {
    give(std::exchange(to_give_, {}));
    return;
  }
  if (std::exchange(rejoin_, false)) {
    if (!cooperative() && !owned_.empty()) {
      rejoin_ = true;
      ask_back({owned_.begin(), owned_.end()}, false);
      return;
    }
    join_soon(on_.latency());
  }
}

// -- questions to the tree and its answers

void membership::give(std::vector<topic_partition> partitions) {
  const auto protocol = cooperative() ? rebalance_protocol::cooperative : rebalance_protocol::eager;
  offer_ = {.answer = ++last_token_, .partitions = partitions};
  on_.log.line("m{}   is offered{} in generation {}", member_, to_text(partitions), generation_);
  push(assigned{.answer = offer_->answer,
                .generation = generation_,
                .protocol = protocol,
                .partitions = std::move(partitions)});
}

void membership::ask_back(std::vector<topic_partition> partitions, bool lost) {
  const auto protocol = cooperative() ? rebalance_protocol::cooperative : rebalance_protocol::eager;
  request_ = {.answer = ++last_token_, .partitions = partitions, .lost = lost};
  on_.log.line("m{}   {}{}", member_, lost ? "has lost" : "must give back", to_text(partitions));
  push(revoked{.answer = request_->answer,
               .generation = generation_,
               .protocol = protocol,
               .partitions = std::move(partitions),
               .lost = lost});
}

std::vector<std::unique_ptr<partition_queue>> membership::assign(token answer,
                                                                 std::span<const position> from) {
  std::vector<std::unique_ptr<partition_queue>> queues;
  const bool in_time = offer_ && offer_->answer == answer;
  for (const auto& one : from) {
    auto state = std::make_shared<fetch_state>(of_, member_, one.at, one.offset);
    if (in_time) {
      on_.log.line("m{}   begins {} at {}", member_, to_string(one.at), one.offset);
      auto where = offer_->beginnings[one.at];
      on_.checks.demand(where.offset == one.offset, "an assignment begins at the resolved offset",
                        "m{} {} at {}, resolved {}", member_, to_string(one.at), one.offset,
                        where.offset);
      where.at = one.at;
      where.offset = one.offset;
      on_.checks.assigned(member_, where, generation_);
      owned_.insert(one.at);
      fetching_[one.at] = state;
      state->open();
    } else {
      on_.checks.assigned_too_late(member_, one.at);
    }
    queues.push_back(std::make_unique<simulated_queue>(std::move(state)));
  }
  if (in_time) {
    offer_.reset();
    go_on();
  }
  return queues;
}

void membership::unassign(token answer, std::span<const topic_partition> partitions) {
  if (!request_ || request_->answer != answer)
    return;
  on_.log.line("m{}   gives back{}", member_, to_text(partitions));
  on_.checks.demand(std::ranges::equal(partitions, request_->partitions),
                    "a member gives back exactly the revoked partitions", "m{}:{} instead of{}",
                    member_, to_text(partitions), to_text(request_->partitions));
  for (const auto& one : request_->partitions) {
    const auto state = fetching_[one].lock();
    on_.checks.demand(!state || state->released,
                      "queues are destroyed before their partitions are given back", "m{} {}",
                      member_, to_string(one));
    // An abort gives the partitions back without a commit.
    if (!request_->lost && !closing_ && on_.how.abort_rate == 0)
      on_.checks.handed_back(member_, one);
    on_.checks.given_up(member_, one);
    owned_.erase(one);
    fetching_.erase(one);
    if (state)
      state->close();
  }
  request_.reset();
  go_on();
}

void membership::fail(bool fatal) {
  on_.log.line("m{}   has a handle that fails{}", member_, fatal ? " permanently" : "");
  push(handle_failed{{.code = errc::other, .fatal = fatal, .text = "simulated"}});
}

void membership::fence() {
  on_.log.line("m{}   is fenced by another member with its instance id", member_);
  of_.group().leave(std::exchange(id_, 0));
  push(handle_failed{{.code = errc::fenced, .fatal = true, .text = "simulated"}});
}

// -- the end

void membership::close() {
  closing_ = true;
  if (on_.mishap(on_.how.hanging_closes))
    return;
  after(on_.mishap(on_.how.slow_closes) ? on_.within(200, 2'000) : on_.latency(),
        &membership::begin_close);
}

void membership::begin_close() {
  if (closed_ || busy())
    return;
  if (!owned_.empty()) {
    ask_back({owned_.begin(), owned_.end()}, false);
    return;
  }
  closed_ = true;
  after(on_.latency(), &membership::finish_close);
}

void membership::finish_close() {
  if (reaches_group())
    of_.group().leave(std::exchange(id_, 0));
  for (auto& [asked, next] : std::exchange(commits_, {}))
    push(committed{.asked = asked,
                   .positions = std::move(next),
                   .failed = error{.code = errc::closed, .text = "the handle closes"}});
  push(kafka::closed{});
}

void membership::depart() {
  on_.log.line("m{}   departs", member_);
  departed_ = true;
  on_.checks.departs(member_);
  wake_ = nullptr;
  events_.clear();
  for (const auto& one : owned_) {
    on_.checks.given_up(member_, one);
    if (const auto state = fetching_[one].lock())
      state->close();
  }
  owned_.clear();
  if (id_ == 0 || on_.mishap(on_.how.silent_departures))
    return; // the broker evicts a silent member
  // The leave does not overtake commits, as over one connection.
  const auto leaves_at = std::max(last_apply_, on_.clock.now() + on_.latency());
  on_.clock.after(leaves_at - on_.clock.now(), [self = shared_from_this()] {
    if (self->reaches_group())
      self->of_.group().leave(self->id_);
  });
}

} // namespace ottla::kafka::simulation
