#pragma once

#include <ottla/actors/caf.hpp>

#include "support/otp_peer.hpp"
#include "support/policies.hpp"
#include "support/suite.hpp"

namespace bench {

inline constexpr std::size_t supervision_rounds = 25;

/// The names of the peers in the table.
inline constexpr const char* otp_supervisor = "OTP";
inline constexpr const char* elixir_supervisor = "DynamicSupervisor";

// Each function adds its comparisons under one scheduling policy. The file of the same name states
// the question.
void add_restart_back_to_back(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_restart_with_gaps(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_restart_rate(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_start_child(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_terminate(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_idle_memory(suite& to, ottla::scheduling policy, const otp_pointer& otp);
void add_call_and_cast(suite& to, ottla::scheduling policy, const otp_pointer& otp);

/// If the arguments ask for a memory measurement, runs it and returns true.
bool weighed(int argc, char** argv);

} // namespace bench
