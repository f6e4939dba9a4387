#pragma once

#include "support/line_process.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace bench {

/// Erlang/OTP in a process of its own, started with the first question; peers/otp/otp_peer.erl says
/// what it understands. It lives as long as this does, so that rounds of its and ours alternate.
class otp_peer {
public:
  /// The figures it answers, in nanoseconds and bytes. Throws std::runtime_error for an error.
  std::vector<double> ask(std::string_view command);

private:
  std::unique_ptr<line_process> process_;
};

} // namespace bench
