#pragma once

#include <ottla/actors/call.hpp>
#include <ottla/actors/introspection.hpp>
#include <ottla/actors/link.hpp>
#include <ottla/actors/monitor.hpp>
#include <ottla/actors/server.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ottla::test {

struct put {
  int number = 0;
};
struct sum {};
struct sum_later {};
struct sum_now {};
struct unknown {};
struct act {
  std::function<void(process&)> what;
};

inline std::string to_string(const put& what) {
  return "put " + std::to_string(what.number);
}

} // namespace ottla::test

OTTLA_MESSAGES(ottla_test_inspecting, ottla::first_user_type_id + 90, ottla::test::put,
               ottla::test::sum, ottla::test::sum_later, ottla::test::sum_now, ottla::test::unknown,
               ottla::test::act)

namespace ottla::test {

using lines = std::shared_ptr<std::vector<std::string>>;

class adder : public server {
public:
  adder(caf::actor_config& config, process_context context, lines log)
    : server{config, std::move(context)}, log_{std::move(log)} {}

  void trap(bool on) { trap_exits(on); }

private:
  init_result init(handlers& on) override {
    on.cast([this](const put& what) {
      if (what.number < 0)
        throw std::out_of_range{"below zero"};
      total_ += what.number;
      log_->push_back("put " + std::to_string(what.number));
    });
    on.call([this](sum) { return total_; });
    on.call([this](sum_later, caller<int> from) { open_.push_back(std::move(from)); });
    on.cast([this](sum_now) {
      for (const auto& each : open_)
        each.reply(total_);
    });
    on.cast([this](const act& act) { act.what(*this); });
    on.cast([this](const process_down& down) {
      log_->push_back("down " + ottla::to_string(down.reason));
    });
    on.cast(
      [this](const exited& what) { log_->push_back("exit " + ottla::to_string(what.reason)); });
    return {};
  }

  std::string state_text() const override {
    if (total_ > 1000)
      throw std::runtime_error{"too much to tell"};
    return "total " + std::to_string(total_);
  }

  void terminate(const exit_reason& why) override {
    log_->push_back("terminate " + ottla::to_string(why));
  }

  lines log_;
  int total_ = 0;
  std::vector<caller<int>> open_;
};

/// Makes one call and keeps the answer or the failure.
template <class Answer, class Message>
class questioner : public caf::event_based_actor {
public:
  questioner(caf::actor_config& config, process_ref whom, Message what,
             std::shared_ptr<std::optional<call_result<Answer>>> into)
    : caf::event_based_actor{config},
      whom_{std::move(whom)},
      what_{std::move(what)},
      into_{std::move(into)} {}

  caf::behavior make_behavior() override {
    call<Answer>(this, whom_, infinity, what_,
                 [into = into_](const call_result<Answer>& got) { *into = got; });
    whom_ = {};
    what_ = {};
    return {};
  }

private:
  process_ref whom_;
  Message what_;
  std::shared_ptr<std::optional<call_result<Answer>>> into_;
};

/// Receives traces as messages.
class reader : public caf::event_based_actor {
public:
  reader(caf::actor_config& config, lines into)
    : caf::event_based_actor{config}, into_{std::move(into)} {}

  caf::behavior make_behavior() override {
    return {[this](const process_trace& event) { into_->push_back(ottla::to_string(event)); }};
  }

private:
  lines into_;
};

/// A server to inspect, and actors that ask it.
struct inspecting : stage {
  const sighting& begin() {
    return start({.id = "adder", .start = ottla::start<adder>(log_lines), .name = "sums"});
  }

  template <class Answer, class Message>
  std::shared_ptr<std::optional<call_result<Answer>>> ask(const process_ref& whom, Message what) {
    auto into = std::make_shared<std::optional<call_result<Answer>>>();
    time.system().spawn<questioner<Answer, Message>>(whom, std::move(what), into);
    time.run();
    return into;
  }

  /// The answer to a call that must not fail.
  template <class Answer, class Message>
  Answer answered(const process_ref& whom, Message what) {
    const auto got = ask<Answer>(whom, std::move(what));
    REQUIRE(*got);
    REQUIRE((*got)->has_value());
    if constexpr (!std::is_void_v<Answer>)
      return ***got;
  }

  void send(const caf::actor& who, int number) {
    post(who, put{number});
    time.run();
  }

  trace_ref read(const process_ref& whom) {
    return answered<trace_ref>(whom, trace_with{[into = traced](const process_trace& event) {
                                 into->push_back(to_string(event));
                               }});
  }

  static std::string joined(const lines& all) {
    std::string result;
    for (const auto& line : *all)
      result += (result.empty() ? "" : ", ") + line;
    all->clear();
    return result;
  }

  std::string noted() { return joined(log_lines); }

  lines log_lines = std::make_shared<std::vector<std::string>>();
  lines traced = std::make_shared<std::vector<std::string>>();
};

} // namespace ottla::test
