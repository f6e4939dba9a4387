#pragma once

#include <ottla/actors/directory.hpp>
#include <ottla/kafka/internal/producer/producer_gate.hpp>
#include <ottla/kafka/internal/producer/timer_plan.hpp>
#include <ottla/registry/name_table.hpp>
#include <ottla/supervision/internal/supervisor.hpp>

#include <chrono>
#include <memory>

namespace ottla::kafka {

/// The root of a connection's tree. Claims the connection's name: mounts the connection's name
/// table in the parent directory, and ends with an error that names the owner if the name is taken.
/// Answers produces at their deadlines, because this process runs no code of the program, and lives
/// on while the producer's process hangs or restarts.
class connection_supervisor : public supervisor {
public:
  /// Mounts `names` in `above` under the connection's name. If `above` is null, mounts nothing. At
  /// its end, ends the life of `gate`, which is null for a connection without a producer.
  connection_supervisor(caf::actor_config& config, process_context context, supervisor_spec spec,
                        std::shared_ptr<name_table> names, std::shared_ptr<directory> above,
                        std::shared_ptr<producer_gate> gate);

private:
  caf::message_handler further_handlers() override;
  void terminated() override;
  /// From now on end_life() of this supervisor has an effect.
  void begin_life();
  void answer_overdue(std::chrono::nanoseconds timer);
  /// Starts a timer for the next deadline of a produce, unless an earlier timer runs.
  void watch_deadlines();

  std::shared_ptr<name_table> names_;
  std::shared_ptr<directory> above_;
  std::shared_ptr<producer_gate> gate_;
  timer_plan timers_;
};

} // namespace ottla::kafka
