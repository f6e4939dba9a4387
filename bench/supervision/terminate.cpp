// How long does a supervisor of many children take to terminate with all of them?

#include "supervision/questions.hpp"
#include "supervision/starts.hpp"
#include "support/load_driver.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace bench {

namespace {

comparison terminating(std::size_t thousands, ottla::scheduling policy, const otp_pointer& otp,
                       bool with_elixir) {
  const start_run how{
    .children = thousands * 1000, .outstanding = 64, .end = ending::shutdown, .policy = policy};
  const auto time = [](const start_figures& of) { return std::vector{of.end_ms}; };
  comparison what{
    .name = fmt::format("{} k children, {}", thousands, to_string(policy)),
    .measures = {{.what = "terminate", .unit = "ms", .bars = {at_most(1.0 / 3, otp_supervisor)}}},
    .ours = [=] { return time(start_ours(how)); },
    .peers = {{otp_supervisor, [=] { return time(start_otp(*otp, "supervisor", how)); }}},
    .rounds = supervision_rounds,
  };
  add_floor(what, policy, [=](ottla::scheduling on) {
    auto raw = how;
    raw.policy = on;
    return time(start_raw(raw));
  });
  if (with_elixir) {
    what.measures.front().bars.push_back(at_most(1.0 / 3, elixir_supervisor));
    what.peers.push_back(
      {elixir_supervisor, [=] { return time(start_otp(*otp, "dynamic", how)); }});
  }
  return what;
}

} // namespace

void add_terminate(suite& to, ottla::scheduling policy, const otp_pointer& otp) {
  to.add(terminating(10, policy, otp, true));
  to.add(terminating(100, policy, otp, false));
  // DynamicSupervisor takes a minute for 100 k children.
  if (std::getenv("OTTLA_LONG") != nullptr) {
    auto once = terminating(100, policy, otp, true);
    once.name += ", once";
    once.rounds = 1;
    to.add(std::move(once));
  }
}

} // namespace bench
