#pragma once

#include "registry_lookup/registering.hpp"
#include "support/load_driver.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <utility>
#include <vector>

namespace bench {

/// A load driver that registers and unregisters names. After the warm-up, measures the microseconds
/// per pair.
class register_load : public load_driver {
public:
  register_load(caf::actor_config& config, std::promise<void> done, const register_run& how,
                double& into)
    : load_driver{config, std::move(done)}, how_{how}, into_{into} {}

protected:
  const register_run& how() const noexcept { return how_; }

  void warm_up() { start(how_.times / 10); }

  /// Begins `times` pairs. Calls done() after the last of them.
  virtual void start(std::size_t times) = 0;

  void done() {
    if (begin_ == steady::time_point{}) {
      begin_ = steady::now();
      start(how_.times);
      return;
    }
    const std::chrono::duration<double, std::micro> took = steady::now() - begin_;
    into_ = took.count() / static_cast<double>(how_.times);
    finish();
  }

  static void kill_all(std::vector<caf::actor>& processes) {
    for (const auto& each : processes)
      ottla::kill(each);
    processes.clear();
  }

private:
  using steady = std::chrono::steady_clock;

  register_run how_;
  double& into_;
  steady::time_point begin_;
};

/// Runs the driver and returns the microseconds per pair.
template <class Driver>
double microseconds_per_pair(ottla::scheduling policy, const register_run& how) {
  double result = 0;
  run_driver<Driver>(policy, how, std::ref(result));
  return result;
}

} // namespace bench
