#pragma once

#include <ottla/actors/caf.hpp>

#include "support/otp_peer.hpp"
#include "support/policies.hpp"
#include "support/suite.hpp"

#include <memory>

namespace bench {

inline constexpr std::size_t supervision_rounds = 25;

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

/// Where this program was started to be weighed, it does that and answers true.
bool weighed(int argc, char** argv);

} // namespace bench
