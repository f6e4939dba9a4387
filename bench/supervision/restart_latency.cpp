#include "supervision/restart_latency.hpp"

#include "support/load_driver.hpp"

#include <fmt/format.h>

#include <utility>

namespace bench {

namespace {

/// Restarts per supervisor of OTP, few enough that OTP's list of restarts costs little. See
/// restart_otp.
constexpr std::size_t each_supervisor_of_otp = 100;

std::vector<double> latency(const restart_figures& of) {
  return {of.p50_us, of.p99_us};
}

} // namespace

comparison restart_latency(std::string_view situation, const restart_run& how,
                           std::vector<measure> measures, const otp_pointer& otp) {
  comparison what{
    .name
    = fmt::format("{}, {}, {}", situation, how.named ? "a name" : "no name", to_string(how.policy)),
    .measures = std::move(measures),
    .ours = [=] { return latency(restart_ours(how)); },
    .peers
    = {{otp_supervisor, [=] { return latency(restart_otp(*otp, how, each_supervisor_of_otp)); }}},
    .rounds = supervision_rounds,
  };
  add_floor(what, how.policy, [=](ottla::scheduling on) {
    auto raw = how;
    raw.policy = on;
    return latency(restart_raw(raw));
  });
  return what;
}

} // namespace bench
