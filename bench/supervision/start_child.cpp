// How long does it take to start a child at run time, until its init is done?

#include "supervision/questions.hpp"
#include "supervision/starts.hpp"
#include "support/load_driver.hpp"

#include <fmt/format.h>

#include <utility>

namespace bench {

void add_start_child(suite& to, ottla::scheduling policy, const otp_pointer& otp) {
  for (const std::size_t outstanding : {1, 64}) {
    const start_run how{.children = 10'000, .outstanding = outstanding, .policy = policy};
    const auto cost = [](const start_figures& of) { return std::vector{of.start_us}; };
    const auto times = outstanding == 1 ? 1 : 0.5;
    comparison what{
      .name = outstanding == 1 ? fmt::format("one at a time, {}", to_string(policy))
                               : fmt::format("{} outstanding, {}", outstanding, to_string(policy)),
      .measures = {{.what = "start_child",
                    .unit = "us",
                    .bars = {at_most(1.25, the_floor), at_most(times, otp_supervisor),
                             at_most(times, elixir_supervisor)}}},
      .ours = [=] { return cost(start_ours(how)); },
      .peers = {{otp_supervisor, [=] { return cost(start_otp(*otp, "supervisor", how)); }},
                {elixir_supervisor, [=] { return cost(start_otp(*otp, "dynamic", how)); }}},
      .rounds = supervision_rounds,
    };
    add_floor(what, policy, [=](ottla::scheduling on) {
      auto raw = how;
      raw.policy = on;
      return cost(start_raw(raw));
    });
    to.add(std::move(what));
  }
}

} // namespace bench
