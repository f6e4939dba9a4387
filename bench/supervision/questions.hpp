#pragma once

#include <ottla/actors/caf.hpp>

#include "support/otp_peer.hpp"
#include "support/suite.hpp"

#include <array>
#include <functional>
#include <memory>
#include <vector>

namespace bench {

inline constexpr std::size_t supervision_rounds = 25;

/// The default first.
inline constexpr std::array all_policies{ottla::scheduling::handoff, ottla::scheduling::sharing,
                                         ottla::scheduling::stealing};

/// What the others are called in the table.
inline constexpr const char* otp_supervisor = "OTP";
inline constexpr const char* elixir_supervisor = "DynamicSupervisor";

// Each adds its comparisons, measured under one of CAF's schedulers; the file of that name has the
// question.
using otp_pointer = std::shared_ptr<otp_peer>;
void add_restart_back_to_back(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_restart_with_gaps(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_restart_rate(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_start_child(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_terminate(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_idle_memory(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_call_and_cast(suite& to, ottla::scheduling policy, const otp_pointer& otp);

/// The same work straight on CAF, under the policy that it is given. CAF alone has no handoff:
/// there the floor runs under `sharing`, and on our scheduler it is a peer.
using raw_function = std::function<std::vector<double>(ottla::scheduling)>;
void add_floor(comparison& to, ottla::scheduling policy, const raw_function& raw);

/// Where this program was started to be weighed, it does that and answers true.
bool weighed(int argc, char** argv);

} // namespace bench
