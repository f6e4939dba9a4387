#pragma once

#include <ottla/supervision/process_event.hpp>

#include "invariants.hpp"

#include <set>
#include <string>
#include <string_view>

namespace ottla::kafka::simulation {

/// Follows the events of all supervisors. Where processes depend on one another (rest_for_one),
/// none that depends on a process is up when that process starts, and none when it has been
/// stopped.
class start_order {
public:
  explicit start_order(invariants& judge) : judge_{judge} {}

  void heard(const process_event& event);

private:
  void demand_none_after(const process_event& event, std::string_view parent, std::string_view id);
  void forget(const std::string& path);

  invariants& judge_;
  std::set<std::string, std::less<>> up_;
};

} // namespace ottla::kafka::simulation
