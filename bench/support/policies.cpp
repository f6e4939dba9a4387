#include "support/policies.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace bench {

std::string_view to_string(ottla::scheduling policy) {
  switch (policy) {
    case ottla::scheduling::handoff: return "handoff";
    case ottla::scheduling::sharing: return "sharing";
    case ottla::scheduling::stealing: return "stealing";
  }
  return "unknown";
}

ottla::scheduling policy_called(std::string_view name) {
  for (const auto policy : all_policies)
    if (name == to_string(policy))
      return policy;
  throw std::invalid_argument{fmt::format("unknown scheduling policy \"{}\"", name)};
}

void add_floor(comparison& to, ottla::scheduling policy, const raw_function& raw) {
  using ottla::scheduling;
  const auto on = [raw](scheduling which) -> run_function { return [=] { return raw(which); }; };
  to.floor = on(policy == scheduling::handoff ? scheduling::sharing : policy);
  if (policy == scheduling::handoff)
    to.peers.push_back({"CAF on handoff", on(policy)});
}

} // namespace bench
