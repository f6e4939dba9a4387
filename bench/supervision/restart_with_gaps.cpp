// How long until a killed child answers again, if all processes were idle for 1 ms before the kill?

#include "supervision/restart_latency.hpp"

namespace bench {

void add_restart_with_gaps(suite& to, ottla::scheduling policy, const otp_pointer& otp) {
  for (const bool named : {false, true})
    to.add(restart_latency(
      "1 ms gaps",
      {.restarts = 200, .gap = std::chrono::milliseconds{1}, .named = named, .policy = policy},
      {{.what = "restart p50",
        .unit = "us",
        .bars = {at_most(named ? 1.4 : 1.25, the_floor), at_most(1, otp_supervisor)}},
       {.what = "restart p99", .unit = "us"}},
      otp));
}

} // namespace bench
