#pragma once

#include "support/peer.hpp"

namespace bench {

/// Erlang/OTP; peers/otp/otp_peer.erl says what it understands. It answers in nanoseconds and
/// bytes.
class otp_peer : public peer {
public:
  otp_peer();
};

} // namespace bench
