// How long does visit take to find a process by name and use it in place, as a send does?

#include "registry_lookup/finding.hpp"

namespace bench {

void add_in_place(suite& to, const otp_pointer& otp) {
  const way_to_find<in_place> way{
    .read = {},
    .what = {.what = "found in place",
             .unit = "ns",
             .bars = {at_most(0.4, the_floor), at_most(0.2, ets)}},
    .peers = {{ets, "ets"}},
  };
  add_finding(to, way, otp);
}

} // namespace bench
