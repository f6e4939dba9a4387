#pragma once

#include "support/otp_peer.hpp"
#include "support/suite.hpp"

#include <string_view>

namespace bench {

inline constexpr std::size_t registry_rounds = 25;

/// The names of the peers in the table.
inline constexpr const char* ets = "ETS";
inline constexpr const char* elixir_registry = "Registry";

// Each function adds its comparisons. The file of the same name states the question.
void add_in_place(suite& to, const otp_pointer& otp);
void add_whereis(suite& to, const otp_pointer& otp);
void add_kept_reference(suite& to);
void add_register_and_unregister(suite& to, const otp_pointer& otp);
void add_lookup_of_a_million(suite& to);
void add_longest_write(suite& to, const otp_pointer& otp);
void add_bytes_a_name(suite& to, const otp_pointer& otp);

/// If the arguments ask for a memory measurement, runs it and returns true.
bool weighed(int argc, char** argv);

struct read_run;
/// Nanoseconds per read. `kind` is ets, lookup or whereis; see peers/otp/names.erl.
double read_otp(otp_peer& otp, std::string_view kind, const read_run& how);

} // namespace bench
