#pragma once

#include <ottla/actors/stop.hpp>

#include "stage.hpp"

#include <memory>
#include <string>
#include <utility>

namespace ottla::test {

/// Stops a process and keeps the result as text.
class stop_caller : public caf::event_based_actor {
public:
  stop_caller(caf::actor_config& config, process_ref whom, exit_reason why,
              std::chrono::nanoseconds within, std::shared_ptr<std::string> told)
    : caf::event_based_actor{config},
      whom_{std::move(whom)},
      why_{std::move(why)},
      within_{within},
      told_{std::move(told)} {}

  caf::behavior make_behavior() override {
    stop(this, std::exchange(whom_, {}), why_, within_, [this](const call_result<void>& done) {
      *told_ = done ? "done" : to_string(done.error());
      quit();
    });
    return {[](int) {}};
  }

private:
  process_ref whom_;
  exit_reason why_;
  std::chrono::nanoseconds within_;
  std::shared_ptr<std::string> told_;
};

/// Stops a process. The result is empty while the stop is pending, then `done` or the error.
inline std::shared_ptr<std::string> stop_on(stage& on, const process_ref& whom,
                                            const exit_reason& why = exit_reason::normal(),
                                            std::chrono::nanoseconds within = infinity) {
  auto told = std::make_shared<std::string>();
  on.time.system().spawn<stop_caller>(whom, why, within, told);
  on.time.run();
  return told;
}

} // namespace ottla::test
