#include "support/otp_peer.hpp"

namespace bench {

otp_peer::otp_peer() : peer{"OTP", OTTLA_BENCH_PEERS "/otp/run"} {}

} // namespace bench
