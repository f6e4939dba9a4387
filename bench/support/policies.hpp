#pragma once

#include <ottla/actors/caf.hpp>

#include "support/suite.hpp"

#include <array>
#include <functional>
#include <string_view>
#include <vector>

namespace bench {

/// The default first.
inline constexpr std::array all_policies{ottla::scheduling::handoff, ottla::scheduling::sharing,
                                         ottla::scheduling::stealing};

std::string_view to_string(ottla::scheduling policy);

/// The policy of that name; throws std::invalid_argument where there is none.
ottla::scheduling policy_called(std::string_view name);

/// The same work straight on CAF, under the policy that it is given. CAF alone has no handoff:
/// there the floor runs under `sharing`, and on our scheduler it is a peer.
using raw_function = std::function<std::vector<double>(ottla::scheduling)>;
void add_floor(comparison& to, ottla::scheduling policy, const raw_function& raw);

} // namespace bench
