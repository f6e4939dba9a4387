// How long does whereis take to return an owning handle to the process that holds a name?

#include "registry_lookup/finding.hpp"

namespace bench {

void add_whereis(suite& to, const otp_pointer& otp) {
  const way_to_find<owning> way{
    .read = {},
    .what = {.what = "whereis", .unit = "ns", .bars = {at_most(0.6, the_floor), at_most(0.5, ets)}},
    .peers = {{ets, "ets"}, {elixir_registry, "whereis"}},
  };
  add_finding(to, way, otp);
}

} // namespace bench
