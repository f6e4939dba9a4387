#pragma once

#include <ottla/actors/monitor.hpp>

#include <map>

namespace ottla::detail {

/// The processes that one process monitors.
struct monitor_table {
  struct entry {
    caf::actor_addr whom;
    std::string name;
  };

  std::uint64_t last = 0;
  std::map<std::uint64_t, entry> active;
};

struct monitors {
  static monitor_ref make(process& self, const process_ref& whom);
  static void remove(process& self, monitor_ref which);
  static void fired(process& self, const monitor_fired& what);

  /// Removes all monitors of an ending process from the processes that it monitors.
  static void take_back(process& self);
};

} // namespace ottla::detail
