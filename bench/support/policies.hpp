#pragma once

#include <ottla/actors/caf.hpp>

#include "support/suite.hpp"

#include <array>
#include <functional>
#include <string_view>
#include <vector>

namespace bench {

/// All policies. The first policy is the default.
inline constexpr std::array all_policies{ottla::scheduling::handoff, ottla::scheduling::sharing,
                                         ottla::scheduling::stealing};

std::string_view to_string(ottla::scheduling policy);

/// Returns the policy of that name. Throws std::invalid_argument for an unknown name.
ottla::scheduling policy_called(std::string_view name);

/// The same work on plain CAF, under the given policy. CAF has no handoff: for handoff the floor
/// runs under `sharing`, and plain CAF on our scheduler becomes a peer.
using raw_function = std::function<std::vector<double>(ottla::scheduling)>;
void add_floor(comparison& to, ottla::scheduling policy, const raw_function& raw);

} // namespace bench
