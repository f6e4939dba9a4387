#include "supervision/restarts.hpp"

#include <ottla/actors/call.hpp>
#include <ottla/actors/root_directory.hpp>
#include <ottla/supervision/internal/supervisor.hpp>

#include "supervision/ping_server.hpp"
#include "supervision/raw_supervisor.hpp"
#include "supervision/starting.hpp"
#include "support/load_driver.hpp"
#include "support/percentile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace bench {

namespace {

using steady = std::chrono::steady_clock;

class restart_driver : public load_driver {
public:
  restart_driver(caf::actor_config& config, std::promise<void> done, const restart_run& how,
                 restart_figures& into)
    : load_driver{config, std::move(done)},
      how_{how},
      warm_up_{how.restarts / 10},
      into_{into},
      children_(how.children) {
    samples_.reserve(how.restarts);
  }

  caf::behavior make_behavior() override {
    subject_ = start_supervisor();
    return {
      [this](const here_i_am& who) {
        children_[who.slot].process = who.process;
        ask(who.slot, who.process);
      },
      [this](const kill_next& whom) { kill(whom.slot); },
    };
  }

  void on_exit() override {
    load_driver::on_exit();
    children_.clear();
  }

protected:
  const restart_run& how() const noexcept { return how_; }

  virtual caf::actor start_supervisor() = 0;
  /// The answer calls `answered`.
  virtual void ask(std::size_t slot, const caf::actor& process) = 0;

  void answered(std::size_t slot) {
    const auto now = steady::now();
    const auto killed = children_[slot].killed;
    const bool first_start = killed == steady::time_point{};
    if (!first_start && warm_up_ == 0)
      note(now, now - killed);
    else if (!first_start)
      --warm_up_;
    if (samples_.size() == how_.restarts)
      sum_up(now);
    else if (how_.gap > how_.gap.zero())
      ottla::cast_after(this, how_.gap, kill_next{slot});
    else
      kill(slot);
  }

private:
  struct child {
    caf::actor process;
    steady::time_point killed;
  };

  void kill(std::size_t slot) {
    auto& victim = children_[slot];
    victim.killed = steady::now();
    ottla::kill(this, victim.process);
  }

  void note(steady::time_point now, steady::duration took) {
    if (samples_.empty())
      begin_ = now - took;
    samples_.push_back(std::chrono::duration<double, std::micro>{took}.count());
  }

  void sum_up(steady::time_point end) {
    std::ranges::sort(samples_);
    const std::chrono::duration<double> elapsed = end - begin_;
    into_ = {.p50_us = percentile(0.5, samples_),
             .p99_us = percentile(0.99, samples_),
             .per_second = static_cast<double>(samples_.size()) / elapsed.count()};
    finish();
  }

  restart_run how_;
  std::size_t warm_up_;
  restart_figures& into_;
  std::vector<child> children_;
  std::vector<double> samples_;
  steady::time_point begin_;
};

class ours_driver : public restart_driver {
public:
  using restart_driver::restart_driver;

private:
  caf::actor start_supervisor() override {
    const auto names = std::make_shared<ottla::root_directory>();
    ottla::supervisor_spec spec{
      .id = "supervisor",
      .restarts = {.at_most = std::numeric_limits<std::size_t>::max()},
    };
    for (std::size_t slot = 0; slot < how().children; ++slot)
      spec.children.push_back({.id = fmt::format("child {}", slot),
                               .start = ottla::start<ping_server>(self(), slot),
                               .name = how().named ? fmt::format("worker {}", slot) : ""});
    for (const auto& child : spec.children)
      refs_.emplace_back(names, child.name);
    auto context = supervisor_context();
    context.names = names;
    return caf::actor_cast<caf::actor>(
      home_system().spawn<ottla::supervisor>(std::move(context), std::move(spec)));
  }

  void ask(std::size_t slot, const caf::actor& process) override {
    const auto then = [this, slot](const ottla::call_result<pong>& answer) {
      answer ? answered(slot) : fail("a replacement does not answer");
    };
    if (how().named)
      ottla::call<pong>(this, refs_[slot], ottla::infinity, ping{}, then);
    else
      ottla::call<pong>(this, process, ottla::infinity, ping{}, then);
  }

  std::vector<ottla::process_ref> refs_;
};

class raw_driver : public restart_driver {
public:
  using restart_driver::restart_driver;

private:
  caf::actor start_supervisor() override {
    return caf::actor_cast<caf::actor>(home_system().spawn<raw_supervisor>(self(), how().children));
  }

  void ask(std::size_t slot, const caf::actor& process) override {
    ottla::send_request(
      this, process, ottla::infinity, ping{}, [this, slot](pong) { answered(slot); },
      [this](const caf::error&) { fail("a replacement does not answer"); });
  }
};

template <class Driver>
restart_figures restart(const restart_run& how) {
  restart_figures result;
  run_driver<Driver>(how.policy, how, std::ref(result));
  return result;
}

} // namespace

restart_figures restart_ours(const restart_run& how) {
  return restart<ours_driver>(how);
}

restart_figures restart_raw(const restart_run& how) {
  return restart<raw_driver>(how);
}

restart_figures restart_otp(otp_peer& otp, const restart_run& how, std::size_t each) {
  const auto ns = otp.ask(fmt::format("restart {} {} {} {} {}", how.restarts, how.children,
                                      how.gap.count(), how.named ? 1 : 0, each));
  return {.p50_us = ns.at(0) / 1e3,
          .p99_us = ns.at(1) / 1e3,
          .per_second = static_cast<double>(how.restarts) * 1e9 / ns.at(2)};
}

} // namespace bench
