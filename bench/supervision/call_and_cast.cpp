// How long do a call and a cast between two processes take?

#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>

#include "supervision/child_messages.hpp"
#include "supervision/questions.hpp"
#include "support/load_driver.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace bench {

namespace {

using steady = std::chrono::steady_clock;

class our_server : public ottla::server {
public:
  using server::server;

private:
  ottla::init_result init(handlers& on) override {
    on.call([](ping) { return pong{}; });
    on.cast([this](nudge) { ++nudges_; });
    return {};
  }

  std::size_t nudges_ = 0;
};

class raw_server : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[](ping) { return pong{}; }, [this](nudge) { ++nudges_; }};
  }

private:
  std::size_t nudges_ = 0;
};

struct call_run {
  /// Calls, or casts if `casts` is not 0.
  std::size_t count = 0;
  /// Casts before each call. If 0, there are only calls.
  std::size_t casts = 0;
  std::chrono::nanoseconds within = ottla::infinity;
  ottla::scheduling policy = ottla::scheduling::handoff;
};

/// Measures microseconds per call or cast. A tenth as many run first as an uncounted warm-up.
class call_driver : public load_driver {
public:
  call_driver(caf::actor_config& config, std::promise<void> done, const call_run& how, double& into)
    : load_driver{config, std::move(done)}, how_{how}, into_{into}, left_{how.count / 10} {}

  caf::behavior make_behavior() override {
    begin();
    next();
    // An actor without a handler ends.
    return {[](pong) {}};
  }

protected:
  virtual void begin() = 0;
  virtual void send_cast() = 0;
  /// The answer calls `answered`.
  virtual void send_call(std::chrono::nanoseconds within) = 0;

  void answered() {
    left_ -= std::min(left_, std::max<std::size_t>(how_.casts, 1));
    if (left_ == 0 && begin_ != steady::time_point{}) {
      const std::chrono::duration<double, std::micro> took = steady::now() - begin_;
      into_ = took.count() / static_cast<double>(how_.count);
      finish();
      return;
    }
    if (left_ == 0) {
      left_ = how_.count;
      begin_ = steady::now();
    }
    next();
  }

private:
  void next() {
    for (std::size_t cast = 0; cast < how_.casts; ++cast)
      send_cast();
    send_call(how_.within);
  }

  call_run how_;
  double& into_;
  std::size_t left_;
  steady::time_point begin_;
};

class our_driver : public call_driver {
public:
  using call_driver::call_driver;

private:
  void begin() override {
    subject_
      = caf::actor_cast<caf::actor>(home_system().spawn<our_server>(ottla::process_context{}));
    server_ = subject_;
  }
  void send_cast() override { ottla::cast(this, server_, nudge{}); }
  void send_call(std::chrono::nanoseconds within) override {
    ottla::call<pong>(
      this, server_, within, ping{},
      [this](const ottla::call_result<pong>& answer) { answer ? answered() : fail("no answer"); });
  }

  ottla::process_ref server_;
};

class raw_driver : public call_driver {
public:
  using call_driver::call_driver;

private:
  void begin() override {
    subject_ = caf::actor_cast<caf::actor>(home_system().spawn<raw_server>());
  }
  void send_cast() override { ottla::cast(this, subject_, nudge{}); }
  void send_call(std::chrono::nanoseconds within) override {
    ottla::send_request(
      this, subject_, within, ping{}, [this](pong) { answered(); },
      [this](const caf::error&) { fail("no answer"); });
  }
};

template <class Driver>
std::vector<double> cost(const call_run& how) {
  double result = 0;
  run_driver<Driver>(how.policy, how, std::ref(result));
  return {result};
}

comparison costing(std::string name, std::string what, const call_run& how, std::string command,
                   const otp_pointer& otp) {
  comparison comparing{
    .name = fmt::format("{}, {}", name, to_string(how.policy)),
    .measures = {{.what = std::move(what), .unit = "us", .bars = {at_most(1.1, the_floor)}}},
    .ours = [=] { return cost<our_driver>(how); },
    .peers = {{otp_supervisor, [=] { return std::vector{otp->ask(command).at(0) / 1e3}; }}},
    .rounds = supervision_rounds,
  };
  add_floor(comparing, how.policy, [=](ottla::scheduling on) {
    auto raw = how;
    raw.policy = on;
    return cost<raw_driver>(raw);
  });
  return comparing;
}

} // namespace

void add_call_and_cast(suite& to, ottla::scheduling policy, const otp_pointer& otp) {
  constexpr std::size_t calls = 50'000;
  constexpr std::size_t casts = 500'000;
  constexpr std::size_t window = 1000;
  constexpr std::chrono::seconds deadline{5};
  to.add(costing("no deadline", "call", {.count = calls, .policy = policy},
                 fmt::format("call {} 0", calls), otp));
  to.add(costing("deadline of 5 s", "call", {.count = calls, .within = deadline, .policy = policy},
                 fmt::format("call {} {}", calls, deadline / std::chrono::milliseconds{1}), otp));
  to.add(costing("a call after each 1000", "cast",
                 {.count = casts, .casts = window, .policy = policy},
                 fmt::format("cast {} {}", casts, window), otp));
}

} // namespace bench
