#pragma once

#include "supervision/questions.hpp"
#include "supervision/restarts.hpp"

#include <string_view>
#include <vector>

namespace bench {

/// Compares the p50 and the p99 of a restart. `measures` has a measure for each of the two.
/// `situation` begins the comparison's name.
comparison restart_latency(std::string_view situation, const restart_run& how,
                           std::vector<measure> measures, const otp_pointer& otp);

} // namespace bench
