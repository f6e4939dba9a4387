// How many bytes of resident memory does a name take, including its text?

#include "registry_lookup/locked_map.hpp"
#include "registry_lookup/name_list.hpp"
#include "registry_lookup/our_names.hpp"
#include "registry_lookup/population.hpp"
#include "registry_lookup/questions.hpp"
#include "support/fresh_process.hpp"
#include "support/memory_use.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace bench {

namespace {

constexpr std::string_view weigh = "--weigh";

struct crowd {
  std::size_t names = 0;
  std::size_t processes = 0;
};

/// Growth of the resident set per name. The heap would miss memory, since ottla does not take all
/// memory from malloc.
template <class Names>
double weigh_all(const crowd& of) {
  const auto names = name_list(of.names);
  population holders{of.processes};
  Names table{holders.system()};
  const auto before = memory_now();
  for (std::size_t name = 0; name < names.size(); ++name)
    table.take(names[name], holders.holder_of(name));
  table.settle();
  return (memory_now() - before).resident / static_cast<double>(names.size());
}

std::vector<double> weigh_alone(std::string_view whose, const crowd& of) {
  const auto figures = ask_fresh_process({std::string{weigh}, std::string{whose},
                                          std::to_string(of.names), std::to_string(of.processes)},
                                         1);
  return {figures[0]};
}

comparison weighing(std::string name, const crowd& of) {
  return {
    .name = std::move(name),
    .measures = {{.what = "resident a name", .unit = "B"}},
    .ours = [=] { return weigh_alone("ours", of); },
    .floor = [=] { return weigh_alone("map", of); },
    .rounds = registry_rounds,
  };
}

std::vector<double> weigh_otp(otp_peer& otp, std::string_view kind, std::size_t names) {
  return {otp.ask(fmt::format("many {} {}", kind, names)).at(0)};
}

} // namespace

void add_bytes_a_name(suite& to, const otp_pointer& otp) {
  const crowd few{.names = 1'000'000, .processes = 1000};
  auto million = weighing("1 M names of 1,000 processes", few);
  for (const auto& [name, kind] : {std::pair{ets, "ets"}, std::pair{elixir_registry, "registry"}})
    million.peers.push_back({name, [=, kind = kind] { return weigh_otp(*otp, kind, few.names); }});
  to.add(std::move(million));
  to.add(weighing("100 k names of as many processes", {.names = 100'000, .processes = 100'000}));
}

bool weighed(int argc, char** argv) {
  if (argc != 5 || argv[1] != weigh)
    return false;
  const crowd of{.names = std::stoul(argv[3]), .processes = std::stoul(argv[4])};
  const auto weight
    = argv[2] == std::string_view{"ours"} ? weigh_all<our_names>(of) : weigh_all<locked_map>(of);
  fmt::print("{}\n", weight);
  return true;
}

} // namespace bench
