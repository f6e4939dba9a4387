#pragma once

#include "support/otp_peer.hpp"
#include "support/suite.hpp"

namespace bench {

/// A program that compares ottla with OTP.
struct otp_program {
  /// If the arguments ask for a memory measurement, runs it and returns true.
  bool (*weighed)(int argc, char** argv);
  /// Adds the program's comparisons.
  void (*add)(suite& to, const otp_pointer& otp);

  /// Runs the memory measurement or the comparisons. Returns a status for main.
  int run(int argc, char** argv) const;
};

} // namespace bench
