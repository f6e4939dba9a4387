// How much memory does an idle child take, including its supervisor's records of it?

#include "supervision/questions.hpp"
#include "supervision/starts.hpp"
#include "support/fresh_process.hpp"
#include "support/load_driver.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace bench {

namespace {

constexpr std::size_t children = 100'000;
/// Children in the spec of one supervisor.
constexpr std::size_t named_children = 10'000;
constexpr std::string_view weigh = "--weigh";

std::vector<double> weigh_alone(std::string_view what, ottla::scheduling policy) {
  return ask_fresh_process({std::string{weigh}, std::string{what}, std::string{to_string(policy)}},
                           2);
}

comparison weighing(std::string name, std::string_view ours, ottla::scheduling policy) {
  comparison what{
    .name = fmt::format("{}, {}", name, to_string(policy)),
    .measures = {{.what = "resident", .unit = "B"}, {.what = "heap", .unit = "B"}},
    .ours = [=] { return weigh_alone(ours, policy); },
    .rounds = supervision_rounds,
  };
  add_floor(what, policy, [](ottla::scheduling on) { return weigh_alone("raw", on); });
  return what;
}

} // namespace

void add_idle_memory(suite& to, ottla::scheduling policy, const otp_pointer& otp) {
  auto idle = weighing("idle dynamic child", "ours", policy);
  idle.measures[0].bars = {at_most(2048, "")};
  for (const auto& [name, kind] :
       {std::pair{otp_supervisor, "supervisor"}, std::pair{elixir_supervisor, "dynamic"}})
    idle.peers.push_back({name, [=, kind = kind] {
                            const auto memory = start_otp(*otp, kind, {.children = children});
                            return std::vector{memory.resident_bytes, memory.heap_bytes};
                          }});
  to.add(std::move(idle));
  if (policy == ottla::scheduling::handoff)
    to.add(weighing("idle named child of a spec", "named", policy));
}

bool weighed(int argc, char** argv) {
  if (argc != 4 || argv[1] != weigh)
    return false;
  const std::string_view what = argv[2];
  const start_run how{.children = children, .policy = policy_called(argv[3]), .weigh = true};
  const auto weight = what == "ours"  ? start_ours(how)
                      : what == "raw" ? start_raw(how)
                                      : start_named(named_children);
  fmt::print("{} {}\n", weight.resident_bytes, weight.heap_bytes);
  return true;
}

} // namespace bench
