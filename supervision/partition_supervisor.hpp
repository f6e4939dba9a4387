#pragma once

#include <ottla/supervision/partition_directory.hpp>
#include <ottla/supervision/supervisor.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ottla {

/// Elixir's PartitionSupervisor: so many copies of one child, and the keys spread over them. For
/// what is too busy for one process, where each key must stay with one.
///
///     {.id = "carts", .name = "carts", .child = [](auto) { return child_spec{.start = …}; }}
///
/// In look-ups, `carts/KEY` is the copy that KEY belongs to (see partition_of): in
/// application::find, call, cast and wherever else a name is taken. While it is being restarted
/// there is none.
struct partition_supervisor_spec {
  std::string id = {};
  /// The supervisor's own name, and what keys are found below.
  std::string name = {};
  /// Makes the copy of one partition, counted from 0. Its id and name are set here.
  std::function<child_spec(std::size_t partition)> child = {};
  /// 0: one a core.
  std::size_t partitions = 0;
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};

  operator child_spec() const;
};

/// All that is wrong with a spec, one line each; empty when nothing is.
std::vector<std::string> validate(const partition_supervisor_spec& spec);

/// To a partition supervisor: starts copies, or ends those with the highest numbers. Answered with
/// child_result when it is done; keys move when new copies are up, or before old ones end. One
/// whose start fails leaves everything as it was. A restart of the supervisor goes back to its
/// spec.
struct resize_partitions {
  std::size_t partitions = 0;
};

class partition_supervisor : public supervisor {
public:
  partition_supervisor(caf::actor_config& config, process_context context,
                       partition_supervisor_spec spec, std::shared_ptr<partition_directory> copies);

private:
  struct request {
    std::size_t partitions;
    caf::response_promise promise;
  };

  caf::message_handler further_handlers() override;
  void terminated() override;
  caf::result<child_result> resize(std::size_t partitions);
  /// Does one more step towards what is asked.
  void step();
  void grow();
  void shrink(child_result outcome);
  void done(child_result outcome);

  partition_supervisor_spec spec_;
  std::shared_ptr<partition_directory> copies_;
  /// Those that run, or are about to end.
  std::size_t running_;
  std::deque<request> requests_;
};

} // namespace ottla

OTTLA_MESSAGES_BEGIN(ottla_partitions, ottla::supervision_type_ids + 60)
OTTLA_MESSAGE(ottla_partitions, (ottla::resize_partitions))
OTTLA_MESSAGES_END(ottla_partitions)
