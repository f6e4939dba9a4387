// How long does it take to register and unregister a name?

#include "registry_lookup/questions.hpp"
#include "registry_lookup/registering.hpp"

#include <fmt/format.h>

namespace bench {

void add_register_and_unregister(suite& to, const otp_pointer& otp) {
  for (const std::size_t outstanding : {1, 64}) {
    const register_run how{.times = 32'000, .outstanding = outstanding};
    to.add({
      .name = outstanding == 1 ? "one at a time" : fmt::format("{} outstanding", outstanding),
      .measures = {{.what = "register and unregister",
                    .unit = "us",
                    .bars = {at_most(1.5, the_floor), at_most(1, elixir_registry)}}},
      .ours = [=] { return std::vector{register_ours(how)}; },
      .floor = [=] { return std::vector{register_raw(how)}; },
      .peers = {{elixir_registry,
                 [=] {
                   const auto ns
                     = otp->ask(fmt::format("register {} {}", how.times, how.outstanding));
                   return std::vector{ns.at(0) / 1e3};
                 }}},
      .rounds = registry_rounds,
    });
  }
}

} // namespace bench
