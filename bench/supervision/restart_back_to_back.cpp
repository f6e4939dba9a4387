// How long until a killed child answers again, if it is killed again at each answer?

#include "supervision/questions.hpp"
#include "supervision/restarts.hpp"
#include "support/load_driver.hpp"

#include <fmt/format.h>

#include <utility>

namespace bench {

namespace {

constexpr std::size_t restarts = 2000;
/// OTP walks its list of restarts at each restart. With this number the list costs little; see
/// restart_otp.
constexpr std::size_t each_supervisor_of_otp = 100;

std::vector<double> latency(const restart_figures& of) {
  return {of.p50_us, of.p99_us};
}

} // namespace

void add_restart_back_to_back(suite& to, ottla::scheduling policy, const otp_pointer& otp) {
  for (const bool named : {false, true}) {
    const restart_run how{.restarts = restarts, .named = named, .policy = policy};
    comparison what{
      .name = fmt::format("back to back, {}, {}", named ? "a name" : "no name", to_string(policy)),
      .measures = {{.what = "restart p50",
                    .unit = "us",
                    .bars = {at_most(named ? 3 : 1.5, the_floor), at_most(1, otp_supervisor)}},
                   {.what = "restart p99", .unit = "us", .bars = {at_most(1, otp_supervisor)}}},
      .ours = [=] { return latency(restart_ours(how)); },
      .peers
      = {{otp_supervisor, [=] { return latency(restart_otp(*otp, how, each_supervisor_of_otp)); }}},
      .rounds = supervision_rounds,
    };
    add_floor(what, policy, [=](ottla::scheduling on) {
      auto raw = how;
      raw.policy = on;
      return latency(restart_raw(raw));
    });
    to.add(std::move(what));
  }
}

} // namespace bench
