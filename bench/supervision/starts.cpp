#include "supervision/starts.hpp"

#include "supervision/ping_server.hpp"
#include "supervision/raw_supervisor.hpp"
#include "supervision/starting.hpp"
#include "support/load_driver.hpp"
#include "support/memory_use.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace bench {

namespace {

using steady = std::chrono::steady_clock;

class start_driver : public load_driver {
public:
  start_driver(caf::actor_config& config, std::promise<void> done, const start_run& how,
               start_figures& into)
    : load_driver{config, std::move(done)}, how_{how}, into_{into} {}

  caf::behavior make_behavior() override {
    subject_ = start_supervisor();
    ottla::on_down(this, [this](const caf::down_msg&) { supervisor_ended(); });
    start(how_.children / 10, [this] {
      if (how_.weigh)
        memory_ = memory_now();
      begin_ = steady::now();
      start(how_.children, [this] { all_there(); });
    });
    // An actor without a handler ends.
    return {[](nudge) {}};
  }

protected:
  virtual caf::actor start_supervisor() = 0;
  /// The answer calls `started`.
  virtual void start_one() = 0;

  void started(const caf::actor& process) {
    if (!process) {
      fail("a child did not start");
      return;
    }
    if (--missing_ == 0)
      std::exchange(then_, {})();
    else if (unasked_ > 0)
      ask();
  }

private:
  void start(std::size_t count, std::function<void()> then) {
    missing_ = count;
    unasked_ = count;
    then_ = std::move(then);
    for (std::size_t call = 0; call < how_.outstanding && unasked_ > 0; ++call)
      ask();
  }

  void ask() {
    --unasked_;
    start_one();
  }

  void all_there() {
    const std::chrono::duration<double, std::micro> took = steady::now() - begin_;
    const auto count = static_cast<double>(how_.children);
    into_.start_us = took.count() / count;
    if (how_.weigh) {
      const auto more = memory_now() - memory_;
      into_.resident_bytes = more.resident / count;
      into_.heap_bytes = more.heap / count;
    }
    ottla::start_watching(this, subject_);
    begin_ = steady::now();
    if (how_.end == ending::kill)
      ottla::kill(this, subject_);
    else
      ottla::request_exit(this, subject_, ottla::to_error(ottla::exit_reason::shutdown()));
  }

  void supervisor_ended() {
    into_.end_ms = std::chrono::duration<double, std::milli>{steady::now() - begin_}.count();
    finish();
  }

  start_run how_;
  start_figures& into_;
  std::size_t missing_ = 0;
  std::size_t unasked_ = 0;
  std::function<void()> then_;
  memory_use memory_;
  steady::time_point begin_;
};

class ours_driver : public start_driver {
public:
  using start_driver::start_driver;

private:
  caf::actor start_supervisor() override {
    auto supervisor = new_dynamic_supervisor(home_system());
    ref_ = supervisor;
    return supervisor;
  }

  void start_one() override {
    start_ping_server(this, ref_, spec_, [this](const caf::actor& process) { started(process); });
  }

  void on_exit() override {
    start_driver::on_exit();
    ref_ = {};
  }

  ottla::process_ref ref_;
  std::shared_ptr<const ottla::child_spec> spec_ = ping_server_spec();
};

class raw_driver : public start_driver {
public:
  using start_driver::start_driver;

private:
  caf::actor start_supervisor() override {
    return caf::actor_cast<caf::actor>(home_system().spawn<raw_supervisor>());
  }

  void start_one() override {
    ottla::send_request(
      this, subject_, ottla::infinity, start_raw_child{},
      [this](const raw_child_started& answer) { started(answer.process); },
      [this](const caf::error&) { started({}); });
  }
};

template <class Driver>
start_figures start(const start_run& how) {
  start_figures result;
  run_driver<Driver>(how.policy, how, std::ref(result));
  return result;
}

} // namespace

start_figures start_ours(const start_run& how) {
  return start<ours_driver>(how);
}

start_figures start_raw(const start_run& how) {
  return start<raw_driver>(how);
}

start_figures start_otp(otp_peer& otp, std::string_view kind, const start_run& how) {
  const auto figures = otp.ask(fmt::format("start {} {} {} {} {}", kind,
                                           how.end == ending::kill ? "kill" : "shutdown",
                                           how.children / 10, how.children, how.outstanding));
  return {.start_us = figures.at(0) / 1e3,
          .resident_bytes = figures.at(1),
          .heap_bytes = figures.at(1),
          .end_ms = figures.at(2) / 1e6};
}

} // namespace bench
