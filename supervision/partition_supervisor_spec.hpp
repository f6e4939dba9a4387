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

/// Elixir's PartitionSupervisor: several copies of one child, with the keys spread over them. For
/// work that is too much for one process, but needs one process for each key.
///
///     {.id = "carts", .name = "carts", .child = [](auto) { return child_spec{.start = …}; }}
///
/// In look-ups, `carts/KEY` is the copy that KEY belongs to (see partition_of): in
/// application::find, call, cast and wherever else a name is accepted. While that copy restarts,
/// the look-up finds none.
struct partition_supervisor_spec {
  std::string id = {};
  /// The supervisor's own name, and the prefix of the keys.
  std::string name = {};
  /// Makes the spec of one partition's copy, counted from 0. The supervisor sets its id and name.
  std::function<child_spec(std::size_t partition)> child = {};
  /// 0 means one a core.
  std::size_t partitions = 0;
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};

  operator child_spec() const;
};

/// All that is wrong with a spec, one line each; empty when nothing is.
std::vector<std::string> validate(const partition_supervisor_spec& spec);

/// To a partition supervisor: starts copies, or ends those with the highest numbers. Answered with
/// child_result when done. Keys move after new copies are up, or before old ones end. If a start
/// fails, the number of copies stays as it was. A restart of the supervisor returns to the number
/// in its spec.
struct resize_partitions {
  std::size_t partitions = 0;
};

} // namespace ottla

OTTLA_MESSAGES_BEGIN(ottla_partitions, ottla::supervision_type_ids + 60)
OTTLA_MESSAGE(ottla_partitions, (ottla::resize_partitions))
OTTLA_MESSAGES_END(ottla_partitions)
