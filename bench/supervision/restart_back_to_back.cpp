// How long until a killed child answers again, if it is killed again at each answer?

#include "supervision/restart_latency.hpp"

namespace bench {

void add_restart_back_to_back(suite& to, ottla::scheduling policy, const otp_pointer& otp) {
  for (const bool named : {false, true})
    to.add(
      restart_latency("back to back", {.restarts = 2000, .named = named, .policy = policy},
                      {{.what = "restart p50",
                        .unit = "us",
                        .bars = {at_most(named ? 3 : 1.5, the_floor), at_most(1, otp_supervisor)}},
                       {.what = "restart p99", .unit = "us", .bars = {at_most(1, otp_supervisor)}}},
                      otp));
}

} // namespace bench
