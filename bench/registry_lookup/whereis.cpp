// How long does whereis take, which returns an owning handle to the living process of a name?

#include "registry_lookup/locked_map.hpp"
#include "registry_lookup/our_names.hpp"
#include "registry_lookup/questions.hpp"
#include "registry_lookup/reading.hpp"

#include <fmt/format.h>

namespace bench {

namespace {

template <class Ours>
comparison finding(std::string_view whom, std::size_t readers, const otp_pointer& otp) {
  const read_run how{.readers = readers};
  return {
    .name = fmt::format("{}, {}", whom, readers == 1 ? "1 reader" : "2 readers"),
    .measures
    = {{.what = "whereis", .unit = "ns", .bars = {at_most(0.6, the_floor), at_most(0.5, ets)}}},
    .ours = [=] { return std::vector{read_all<Ours>(how, owning{})}; },
    .floor = [=] { return std::vector{read_all<locked_map>(how, owning{})}; },
    .peers = {{ets, [=] { return std::vector{read_otp(*otp, "ets", how)}; }},
              {elixir_registry, [=] { return std::vector{read_otp(*otp, "whereis", how)}; }}},
    .rounds = registry_rounds,
  };
}

} // namespace

void add_whereis(suite& to, const otp_pointer& otp) {
  for (const std::size_t readers : {1, 2}) {
    to.add(finding<our_names>("a child", readers, otp));
    to.add(finding<our_names_of_strangers>("a stranger", readers, otp));
  }
}

} // namespace bench
