#pragma once

#include "support/peer.hpp"

#include <memory>

namespace bench {

/// Erlang/OTP. For its commands see peers/otp/otp_peer.erl. Answers are in nanoseconds and
/// bytes.
class otp_peer : public peer {
public:
  otp_peer();
};

using otp_pointer = std::shared_ptr<otp_peer>;

} // namespace bench
