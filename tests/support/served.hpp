#pragma once

#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>

#include "stage.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ottla::test {

/// A cast whose handler runs `what`.
struct act {
  std::function<next(server&)> what;
};
/// A call that `what` answers.
struct ask {
  std::function<replied<int>(server&)> what;
};
struct ask_later {};
struct ask_plain {
  int number = 0;
};
struct answer_all {
  int number = 0;
};
struct drop_all {};
struct get_ready {
  next follows;
};

} // namespace ottla::test

OTTLA_MESSAGES(ottla_test_server, ottla::first_user_type_id + 40, ottla::test::act,
               ottla::test::ask, ottla::test::ask_later, ottla::test::ask_plain,
               ottla::test::answer_all, ottla::test::drop_all, ottla::test::get_ready)

namespace ottla::test {

/// Lines that all actors of a test append to.
using lines = std::shared_ptr<std::vector<std::string>>;

/// A server that runs the functions in its messages, and logs casts, timeouts and its end.
class scripted : public server {
public:
  using plan = std::function<init_result(scripted&)>;

  scripted(caf::actor_config& config, process_context context, lines log, plan begin)
    : server{config, std::move(context)}, log{std::move(log)}, begin_{std::move(begin)} {}

  void note(std::string what) const { log->push_back(std::move(what)); }

  /// Completes a start that returned init_result::later.
  void start_late(next follows) { start_done(std::move(follows)); }

  const lines log;
  bool throws_in_terminate = false;
  next after_timeout;

private:
  init_result init(handlers& on) override {
    on.cast([this](const act& what) {
      note("act");
      return what.what(*this);
    });
    on.cast([this](const get_ready& how) { start_done(how.follows); });
    on.call([this](const ask& what) { return what.what(*this); });
    on.call([](ask_plain what) {
      if (what.number < 0)
        throw std::out_of_range{"below zero"};
      return what.number + 1;
    });
    on.call([this](ask_later, caller<int> from) { waiting_.push_back(std::move(from)); });
    on.cast([this](answer_all what) {
      for (const auto& each : waiting_)
        each.reply(what.number);
    });
    on.cast([this](drop_all) { waiting_.clear(); });
    return begin_ ? begin_(*this) : init_result{};
  }

  next timed_out() override {
    note("timeout");
    return after_timeout;
  }

  void terminate(const exit_reason& why) override {
    note("terminate " + to_string(why));
    if (throws_in_terminate)
      throw std::runtime_error{"not even that"};
  }

  plan begin_;
  std::vector<caller<int>> waiting_;
};

/// A stage with scripted servers and their log.
struct served : stage {
  lines log_lines = std::make_shared<std::vector<std::string>>();

  const sighting& begin(scripted::plan plan = nullptr) {
    return start({.id = "s", .start = ottla::start<scripted>(log_lines, std::move(plan))});
  }

  caf::actor serve(scripted::plan plan = nullptr) { return begin(std::move(plan)).process; }

  void act_on(const caf::actor& who, std::function<next(scripted&)> what) {
    post(who, act{[what = std::move(what)](server& self) {
           return what(static_cast<scripted&>(self));
         }});
  }

  std::string noted() { return take_lines(*log_lines); }
};

/// Makes one call and appends its result to `into`.
template <class Message>
class asker : public caf::event_based_actor {
public:
  asker(caf::actor_config& config, process_ref whom, Message what, std::chrono::nanoseconds within,
        lines into)
    : caf::event_based_actor{config},
      whom_{std::move(whom)},
      what_{std::move(what)},
      within_{within},
      into_{std::move(into)} {}

  caf::behavior make_behavior() override {
    call<int>(this, whom_, within_, std::move(what_), [this](const call_result<int>& got) {
      into_->push_back(got ? std::to_string(*got) : to_string(got.error()));
      quit();
    });
    whom_ = {};
    return {[](int) {}};
  }

private:
  process_ref whom_;
  Message what_;
  std::chrono::nanoseconds within_;
  lines into_;
};

/// Makes a call. The lines hold its result, and are empty while the call is pending.
template <class Message>
lines asked(stage& on, const process_ref& whom, Message what,
            std::chrono::nanoseconds within = infinity) {
  auto into = std::make_shared<std::vector<std::string>>();
  on.time.system().spawn<asker<Message>>(whom, std::move(what), within, into);
  on.time.run();
  return into;
}

using strings = std::vector<std::string>;

} // namespace ottla::test
