#pragma once

#include "support/peer.hpp"

namespace bench {

/// Erlang/OTP. For its commands see peers/otp/otp_peer.erl. Answers are in nanoseconds and
/// bytes.
class otp_peer : public peer {
public:
  otp_peer();
};

} // namespace bench
