#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/partition_directory.hpp>
#include <ottla/supervision/restart_limit.hpp>
#include <ottla/supervision/strategy.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ottla {

/// Runs several copies of one child and spreads keys over the copies, like Elixir's
/// PartitionSupervisor. For work that overloads one process. Each key belongs to one copy.
///
///     {.id = "carts", .name = "carts", .child = [](auto) { return child_spec{.start = …}; }}
///
/// The name `carts/KEY` resolves to the copy of KEY's partition, see partition_of. The name works
/// in application::find, call, cast and wherever else a name is accepted. While that copy restarts,
/// the look-up finds no process.
struct partition_supervisor_spec {
  std::string id = {};
  /// The supervisor's own name, and the prefix of the keys.
  std::string name = {};
  /// Makes the spec of copy number `partition`, from 0 on. The supervisor sets the id and the name.
  std::function<child_spec(std::size_t partition)> child = {};
  /// Number of copies. 0 means one for each core.
  std::size_t partitions = 0;
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};

  operator child_spec() const;
};

/// All faults of a spec, one line each. Empty if there are none.
std::vector<std::string> validate(const partition_supervisor_spec& spec);

/// A request to a partition supervisor: starts copies, or ends the copies with the highest numbers.
/// Answered with child_result when the number is reached. Keys move after new copies are up, and
/// before old copies end. If a start fails, the supervisor returns to the old number. A restart of
/// the supervisor resets the number to the number in its spec.
struct resize_partitions {
  std::size_t partitions = 0;
};

} // namespace ottla

OTTLA_MESSAGES_BEGIN(ottla_partitions, ottla::supervision_type_ids + 60)
OTTLA_MESSAGE(ottla_partitions, (ottla::resize_partitions))
OTTLA_MESSAGES_END(ottla_partitions)
