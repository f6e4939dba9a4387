#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/supervision/child_spec.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::test {

/// Makes a probe throw this text.
struct crash {
  std::string text = {};
};

/// Makes a probe stop with this reason.
struct finish {
  exit_reason reason = {};
};

/// Completes the deferred start of a probe.
struct be_ready {};

/// Makes a probe write a line into the journal.
struct note {
  std::string text = {};
};

/// Makes a probe report itself healthy.
struct be_healthy {};

/// Journal of a test's probes: their events in order, and the last process of each id. Not thread
/// safe.
struct journal {
  std::vector<std::string> lines;
  std::map<std::string, caf::actor_addr> processes;
};

enum class init_does { succeed, ignore, stop, finish, fail, defer };

struct probe_plan {
  std::string id;
  std::shared_ptr<journal> log;
  /// What each start does, in order. Further starts succeed.
  std::shared_ptr<std::deque<init_does>> inits = std::make_shared<std::deque<init_does>>();
  bool deaf = false;
  /// Exit reason after a shutdown request. nullopt if the probe uses the reason of the request.
  std::optional<exit_reason> answers = {};
  /// The probe reports itself healthy already in init.
  bool healthy_in_init = false;
  /// Runs when be_healthy arrives, before the probe reports itself healthy.
  std::function<void()> before_healthy = {};
};

/// A process that logs its start and end in the journal, and reacts to the messages above.
class probe : public process {
public:
  probe(caf::actor_config& config, process_context context, probe_plan plan)
    : process{config, std::move(context)}, plan_{std::move(plan)} {}

private:
  caf::behavior set_up() override {
    plan_.log->lines.push_back("start " + plan_.id);
    plan_.log->processes[plan_.id] = self().address();
    if (plan_.healthy_in_init)
      report_healthy();
    auto does = init_does::succeed;
    if (!plan_.inits->empty()) {
      does = plan_.inits->front();
      plan_.inits->pop_front();
    }
    switch (does) {
      case init_does::succeed: break;
      case init_does::ignore: ignore_start(); break;
      case init_does::stop: stop(exit_reason::shutdown("not today")); break;
      case init_does::finish: stop(); break;
      case init_does::fail: throw std::runtime_error{"no luck"};
      case init_does::defer: defer_start(); break;
    }
    return {
      [](const crash& request) { throw std::runtime_error{request.text}; },
      [this](const finish& request) { stop(request.reason); },
      [this](be_ready) { start_done(); },
      [this](be_healthy) {
        if (plan_.before_healthy)
          plan_.before_healthy();
        report_healthy();
      },
      [this](const note& request) { plan_.log->lines.push_back(request.text); },
    };
  }

  void shutdown(const exit_reason& why) override {
    if (plan_.deaf)
      plan_.log->lines.push_back("deaf " + plan_.id);
    else
      stop(plan_.answers.value_or(why));
  }

  void terminated() override { plan_.log->lines.push_back("end " + plan_.id); }

  probe_plan plan_;
};

} // namespace ottla::test

OTTLA_MESSAGES_BEGIN(ottla_test_probe, ottla::first_user_type_id)
OTTLA_MESSAGE(ottla_test_probe, (ottla::test::crash))
OTTLA_MESSAGE(ottla_test_probe, (ottla::test::finish))
OTTLA_MESSAGE(ottla_test_probe, (ottla::test::be_ready))
OTTLA_MESSAGE(ottla_test_probe, (ottla::test::note))
OTTLA_MESSAGE(ottla_test_probe, (ottla::test::be_healthy))
OTTLA_MESSAGES_END(ottla_test_probe)
