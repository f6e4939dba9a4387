#pragma once

#include <ottla/supervision/process_event.hpp>

#include "invariants.hpp"

#include <set>
#include <string>
#include <string_view>

namespace ottla::kafka::simulation {

/// Follows the events of all supervisors, and checks the children of rest_for_one supervisors. No
/// sibling that depends on a child may be up at the moment when the child has started or has been
/// stopped.
class start_order {
public:
  explicit start_order(invariants& checks) : checks_{checks} {}

  void heard(const process_event& event);

private:
  void demand_none_after(const process_event& event, std::string_view parent, std::string_view id);
  void forget(const std::string& path);

  invariants& checks_;
  std::set<std::string, std::less<>> up_;
};

} // namespace ottla::kafka::simulation
