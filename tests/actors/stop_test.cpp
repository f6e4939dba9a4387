#include <ottla/actors/stop.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// Stops a process and keeps the result.
class ender : public caf::event_based_actor {
public:
  ender(caf::actor_config& config, process_ref whom, exit_reason why,
        std::shared_ptr<std::string> told)
    : caf::event_based_actor{config},
      whom_{std::move(whom)},
      why_{std::move(why)},
      told_{std::move(told)} {}

  caf::behavior make_behavior() override {
    stop(this, whom_, why_, 3s, [this](const call_result<void>& done) {
      *told_ = done ? "done" : to_string(done.error());
      quit();
    });
    whom_ = {};
    return {[](int) {}};
  }

private:
  process_ref whom_;
  exit_reason why_;
  std::shared_ptr<std::string> told_;
};

struct stopping : stage {
  std::shared_ptr<std::string> begin_to_stop(const process_ref& whom, const exit_reason& why = {}) {
    auto told = std::make_shared<std::string>();
    time.system().spawn<ender>(whom, why, told);
    time.run();
    return told;
  }

  std::string stopped(const process_ref& whom, const exit_reason& why = {}) {
    const auto told = begin_to_stop(whom, why);
    time.advance(1min);
    return *told;
  }
};

} // namespace

TEST_SUITE("stop") {
  TEST_CASE_FIXTURE(stopping, "stop ends a process with the given reason") {
    for (const auto& why : {exit_reason::normal(), exit_reason::shutdown(),
                            exit_reason::shutdown("enough"), exit_reason::crashed("so be it")}) {
      const auto& seen = start(child("a"));
      CHECK(stopped(seen.process, why) == "done");
      CHECK(seen.ended == why);
    }
  }

  TEST_CASE_FIXTURE(stopping,
                    "stop reports the exit reason of a process that ends with another reason") {
    const auto& seen = start(deaf_child("a"));
    const auto told = begin_to_stop(seen.process);
    CHECK(*told == "");
    tell("a", finish{exit_reason::crashed("on its own")});
    CHECK(*told == "crashed: on its own");
  }

  TEST_CASE_FIXTURE(stopping, "stop fails with timeout if the process still runs at the deadline") {
    CHECK(stopped(start(deaf_child("a")).process) == "timeout");
  }

  TEST_CASE_FIXTURE(stopping, "stop of an unknown name or a dead process fails with noproc") {
    CHECK(stopped(process_ref{names, "nobody"}) == "noproc");
    const auto& gone = start(child("a"));
    end_abruptly(gone.process);
    CHECK(stopped(gone.process) == "noproc");
  }
}
