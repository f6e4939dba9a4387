#include <ottla/actors/call.hpp>
#include <ottla/actors/introspection.hpp>
#include <ottla/actors/link.hpp>
#include <ottla/actors/monitor.hpp>
#include <ottla/actors/server.hpp>

#include "support/patience.hpp"
#include "support/stage.hpp"

#include <doctest/doctest.h>

#include <functional>

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

std::string to_string(const put& what) {
  return "put " + std::to_string(what.number);
}

} // namespace ottla::test

OTTLA_MESSAGES(ottla_test_look, ottla::first_user_type_id + 90, ottla::test::put, ottla::test::sum,
               ottla::test::sum_later, ottla::test::sum_now, ottla::test::unknown, ottla::test::act)

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

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

} // namespace

TEST_SUITE("introspection") {
  TEST_CASE_FIXTURE(inspecting, "a state is told in the process's own words") {
    const auto& a = begin();
    send(a.process, 3);
    CHECK(answered<std::string>(a.process, get_state{}) == "total 3");
    CHECK(answered<std::string>(process_ref{names, "sums"}, get_state{}) == "total 3");
  }

  TEST_CASE_FIXTURE(inspecting, "a process that has no words for its state names its type") {
    const auto& p = start(child("p"));
    CHECK(answered<std::string>(p.process, get_state{}) == "ottla::test::probe");
  }

  TEST_CASE_FIXTURE(inspecting, "a state that cannot be told fails the question, not the process") {
    const auto& a = begin();
    send(a.process, 1001);
    const auto got = ask<std::string>(a.process, get_state{});
    REQUIRE(*got);
    REQUIRE_FALSE((*got)->has_value());
    CHECK((*got)->error() == exit_reason::crashed("too much to tell"));
    CHECK(answered<process_status>(a.process, get_status{}).state == "too much to tell");
    CHECK(a.up());
  }

  TEST_CASE_FIXTURE(inspecting, "nobody is asked in vain") {
    const auto got = ask<process_status>(process_ref{names, "nobody"}, get_status{});
    REQUIRE(*got);
    CHECK((*got)->error() == exit_reason::noproc());
  }

  TEST_CASE_FIXTURE(inspecting, "a status tells who it is, and what it is at") {
    const auto& a = begin();
    const auto status = answered<process_status>(a.process, get_status{});
    CHECK(status.path == "adder");
    CHECK(status.name == "sums");
    CHECK(status.state == "total 0");
    CHECK_FALSE(status.suspended);
    CHECK_FALSE(status.traps_exits);
    CHECK(status.traces == 0);
    CHECK(status.mailbox_length == 0);
    CHECK(to_string(status) == "adder \"sums\": running, state: total 0");
  }

  TEST_CASE_FIXTURE(inspecting, "what a process does not understand is still refused") {
    const auto& a = begin();
    const auto check = [&] {
      const auto got = ask<int>(a.process, unknown{});
      REQUIRE(*got);
      REQUIRE_FALSE((*got)->has_value());
      CHECK((*got)->error() == exit_reason::crashed("the process has no handler for this message"));
      CHECK(a.up());
    };
    check();
    read(a.process);
    check();
    CHECK(joined(traced).find("adder got call ottla::test::unknown, adder answered failure") == 0);
  }

  TEST_CASE_FIXTURE(inspecting, "a trace tells of messages, calls and answers, in order") {
    const auto& a = begin();
    read(a.process);
    send(a.process, 2);
    answered<int>(a.process, sum{});
    CHECK(joined(traced) == "adder got put 2, adder got call ottla::test::sum, adder answered 2");
  }

  TEST_CASE_FIXTURE(inspecting,
                    "a trace tells of an answer that comes later, and of one that fails") {
    const auto& a = begin();
    read(a.process);
    const auto early = ask<int>(a.process, sum_later{});
    CHECK(joined(traced) == "adder got call ottla::test::sum_later");
    post(a.process, sum_now{});
    time.run();
    CHECK(joined(traced) == "adder got ottla::test::sum_now, adder answered 0");
    const auto late = ask<int>(a.process, sum_later{});
    send(a.process, -1);
    CHECK(joined(traced)
          == "adder got call ottla::test::sum_later, adder got put -1, "
             "adder answered failure: crashed: below zero");
    CHECK(early->value().has_value());
    CHECK((*late)->error() == exit_reason::crashed("below zero"));
  }

  TEST_CASE_FIXTURE(inspecting, "a trace tells who and when") {
    const auto& a = begin();
    std::vector<process_trace> events;
    answered<trace_ref>(a.process,
                        trace_with{[&](const process_trace& event) { events.push_back(event); }});
    const auto before = time.now();
    time.advance(5s);
    send(a.process, 1);
    answered<int>(a.process, sum{});
    REQUIRE(events.size() == 3);
    CHECK(events[0].when == before + 5s);
    CHECK(events[0].process == a.process.address());
    CHECK_FALSE(events[0].peer);
    CHECK(events[1].what == process_trace::kind::call);
    CHECK(events[1].peer);
    CHECK(events[2].what == process_trace::kind::answer);
    CHECK(events[2].peer == events[1].peer);
  }

  TEST_CASE_FIXTURE(inspecting, "a trace goes to an actor until it ends") {
    const auto& a = begin();
    auto to = caf::actor_cast<caf::actor>(time.system().spawn<reader>(traced));
    answered<trace_ref>(a.process, trace_to{to});
    send(a.process, 1);
    CHECK(joined(traced) == "adder got put 1");
    CHECK(answered<process_status>(a.process, get_status{}).traces == 1);
    end_abruptly(to);
    send(a.process, 2);
    CHECK(answered<process_status>(a.process, get_status{}).traces == 0);
    CHECK(noted() == "put 1, put 2");
  }

  TEST_CASE_FIXTURE(inspecting, "each trace ends by itself, and one that throws too") {
    const auto& a = begin();
    const auto first = read(a.process);
    read(a.process);
    answered<trace_ref>(a.process, trace_with{[](const process_trace&) { throw 1; }});
    send(a.process, 1);
    CHECK(joined(traced) == "adder got put 1, adder got put 1");
    CHECK(answered<process_status>(a.process, get_status{}).traces == 2);
    answered<void>(a.process, stop_trace{first});
    send(a.process, 2);
    CHECK(joined(traced) == "adder got put 2");
    CHECK(noted() == "put 1, put 2");
  }

  TEST_CASE_FIXTURE(inspecting, "a trace sees the message that a process dies of") {
    const auto& a = begin();
    read(a.process);
    send(a.process, -1);
    CHECK(a.ended == exit_reason::crashed("below zero"));
    CHECK(joined(traced) == "adder got put -1");
  }

  TEST_CASE_FIXTURE(inspecting, "while suspended messages wait, and are handled in order after") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    for (const auto number : {1, 2, 3})
      send(a.process, number);
    const auto total = ask<int>(a.process, sum{});
    send(a.process, 4);
    CHECK(noted() == "");
    CHECK_FALSE(*total);
    const auto status = answered<process_status>(a.process, get_status{});
    CHECK(status.suspended);
    CHECK(status.mailbox_length == 5);
    CHECK(to_string(status) == "adder \"sums\": suspended, 5 messages wait, state: total 0");
    // A second get_status shows the same: it does not change the mailbox.
    CHECK(answered<process_status>(a.process, get_status{}).mailbox_length == 5);
    answered<void>(a.process, suspend{});
    answered<void>(a.process, resume{});
    CHECK(noted() == "put 1, put 2, put 3, put 4");
    REQUIRE(*total);
    CHECK(***total == 6);
    CHECK_FALSE(answered<process_status>(a.process, get_status{}).suspended);
  }

  TEST_CASE_FIXTURE(inspecting, "messages that wait with a resume before others keep their order") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    time.hang(a.process);
    for (const auto number : {1, 2})
      post(a.process, put{number});
    post(a.process, resume{});
    for (const auto number : {3, 4})
      post(a.process, put{number});
    time.wake(a.process);
    time.run();
    CHECK(noted() == "put 1, put 2, put 3, put 4");
  }

  TEST_CASE_FIXTURE(inspecting, "a suspended process obeys a shutdown request, with terminate") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    send(a.process, 1);
    ask_to_end(a.process);
    CHECK(a.ended == exit_reason::shutdown());
    CHECK(noted() == "terminate shutdown");
  }

  TEST_CASE_FIXTURE(inspecting, "a suspended process can be killed, and its callers are told") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    const auto total = ask<int>(a.process, sum{});
    end_abruptly(a.process);
    CHECK(a.ended == exit_reason::killed());
    REQUIRE(*total);
    CHECK_FALSE((*total)->has_value());
  }

  TEST_CASE_FIXTURE(inspecting,
                    "a suspended process ends with a linked one, unless it traps exits") {
    const auto& a = begin();
    const auto& p = start(child("p"));
    bool traps = false;
    SUBCASE("untrapped") {}
    SUBCASE("trapped") {
      traps = true;
    }
    post(a.process, act{[&, peer = p.process](ottla::process& self) {
           link(&self, peer);
           static_cast<adder&>(self).trap(traps);
         }});
    time.run();
    answered<void>(a.process, suspend{});
    tell("p", crash{"x"});
    CHECK(noted() == "");
    if (!traps) {
      CHECK(a.ended == exit_reason::crashed("x"));
      return;
    }
    CHECK(a.up());
    answered<void>(a.process, resume{});
    CHECK(noted() == "exit crashed: x");
  }

  TEST_CASE_FIXTURE(inspecting, "while suspended the ends of others wait, too") {
    const auto& p = start(child("p"));
    const auto& a = begin();
    post(a.process, act{[this, peer = p.process](ottla::process& self) {
           ottla::monitor(&self, peer);
           on_down(&self, [this](const caf::down_msg& down) {
             log_lines->push_back("watched " + to_string(to_exit_reason(down.reason)));
           });
           start_watching(&self, peer);
         }});
    time.run();
    answered<void>(a.process, suspend{});
    tell("p", crash{"x"});
    CHECK(noted() == "");
    answered<void>(a.process, resume{});
    const auto seen = noted();
    CHECK(seen.find("watched crashed: x") != std::string::npos);
    CHECK(seen.find("down crashed: x") != std::string::npos);
  }

  TEST_CASE_FIXTURE(inspecting, "a suspended process can be traced and counted") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    read(a.process);
    answered<void>(a.process, count_messages{true});
    send(a.process, 1);
    CHECK(joined(traced) == "");
    answered<void>(a.process, resume{});
    CHECK(joined(traced) == "adder got put 1");
    CHECK(answered<process_statistics>(a.process, get_statistics{}).messages_in == 1);
  }

  TEST_CASE_FIXTURE(inspecting, "messages and answers are counted from when it was asked for") {
    const auto& a = begin();
    send(a.process, 1);
    CHECK_FALSE(answered<process_statistics>(a.process, get_statistics{}).since);
    time.advance(2s);
    const auto now = time.now();
    answered<void>(a.process, count_messages{true});
    time.advance(1s);
    send(a.process, 1);
    answered<int>(a.process, sum{});
    ask<int>(a.process, sum_later{});
    auto figures = answered<process_statistics>(a.process, get_statistics{});
    CHECK(figures.since == now);
    CHECK(figures.messages_in == 3);
    CHECK(figures.answers_out == 1);
    CHECK(figures.mailbox_length == 0);
    post(a.process, sum_now{});
    time.run();
    CHECK(answered<process_statistics>(a.process, get_statistics{}).answers_out == 2);
    answered<void>(a.process, count_messages{false});
    send(a.process, 1);
    figures = answered<process_statistics>(a.process, get_statistics{});
    CHECK_FALSE(figures.since);
    CHECK(figures.messages_in == 0);
  }

  TEST_CASE_FIXTURE(inspecting, "the mailbox's length is what waits behind the message in hand") {
    const auto& a = begin();
    time.hang(a.process);
    const auto into = std::make_shared<std::optional<call_result<process_status>>>();
    time.system().spawn<questioner<process_status, get_status>>(a.process, get_status{}, into);
    time.run();
    for (const auto number : {1, 2, 3})
      post(a.process, put{number});
    time.wake(a.process);
    time.run();
    REQUIRE(*into);
    CHECK((**into)->mailbox_length == 3);
  }

  TEST_CASE_FIXTURE(inspecting, "a process that is no server understands them too") {
    const auto& p = start(child("p"));
    answered<void>(p.process, suspend{});
    tell("p", note{"here"});
    CHECK(happened() == "start p");
    answered<void>(p.process, resume{});
    CHECK(happened() == "here");
    read(p.process);
    tell("p", note{"again"});
    CHECK(joined(traced) == "p got ottla::test::note");
  }

  TEST_CASE("a plain thread asks in the same way") {
    init_message_types();
    caf::actor_system_config config;
    set_scheduler(config, scheduling::sharing, 2);
    caf::actor_system system{config};
    const auto log = std::make_shared<std::vector<std::string>>();
    const process_ref a{
      start_context{.system = system,
                    .process = {.label = std::make_shared<const process_label>(process_label{"a"})}}
        .spawn<adder>(log)};
    CHECK(call<void>(system, a, patience(), suspend{}));
    CHECK(post(a, put{1}));
    CHECK(*call<std::string>(system, a, patience(), get_state{}) == "total 0");
    CHECK(call<process_status>(system, a, patience(), get_status{})->mailbox_length == 1);
    CHECK(call<void>(system, a, patience(), resume{}));
    CHECK(*call<int>(system, a, patience(), sum{}) == 1);
    kill(a.resolve());
  }
}
