// How many restarts per second does a supervisor do without a limit on restarts?

#include "supervision/questions.hpp"
#include "supervision/restarts.hpp"
#include "support/load_driver.hpp"

#include <fmt/format.h>

namespace bench {

namespace {

constexpr std::size_t restarts = 10'000;

// Each child is killed as soon as it answers.
comparison rate_of(std::size_t children, ottla::scheduling policy, const otp_pointer& otp) {
  const restart_run how{.restarts = restarts, .children = children, .policy = policy};
  comparison what{
    .name
    = fmt::format("{} {}, {}", children, children == 1 ? "child" : "children", to_string(policy)),
    .measures = {{.what = "restarts", .unit = "1/s"}},
    .ours = [=] { return std::vector{restart_ours(how).per_second}; },
    .rounds = supervision_rounds,
  };
  add_floor(what, policy, [=](ottla::scheduling on) {
    auto raw = how;
    raw.policy = on;
    return std::vector{restart_raw(raw).per_second};
  });
  // OTP's supervisor keeps a list of all restarts within its period and walks that list at each
  // restart. OTP is faster with a new supervisor every 100 restarts.
  const auto otp_with = [=](std::size_t each) {
    return [=] { return std::vector{restart_otp(*otp, how, each).per_second}; };
  };
  if (children == 1) {
    what.measures.front().bars = {at_least(0.6, the_floor), at_least(3, otp_supervisor)};
    what.peers.push_back({otp_supervisor, otp_with(restarts)});
  }
  what.peers.push_back({"OTP, new each 100", otp_with(100)});
  return what;
}

} // namespace

void add_restart_rate(suite& to, ottla::scheduling policy, const otp_pointer& otp) {
  for (const std::size_t children : {1, 64})
    to.add(rate_of(children, policy, otp));
}

} // namespace bench
