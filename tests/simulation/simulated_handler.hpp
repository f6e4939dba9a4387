#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/kafka/consumer/batch.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/consumer/group_consumer.hpp>

#include "scene.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace ottla::kafka::simulation {

/// Random behavior of the program's own handlers: they acknowledge all, some, later or never, or
/// throw. The invariants get each verdict before the tree does.
class handling {
public:
  handling(scene& on, std::size_t member) : on_{on}, member_{member} {}

  void begin(const assignment& lease, bool may_throw);
  verdict handle(const assignment& lease, const batch& messages, bool late);
  /// The destructor of the handler, which may hang.
  void end(const std::map<topic_partition, assignment>& leases) noexcept;
  /// Handles one message of a batch. `ack` can acknowledge the message later.
  verdict handle_one(const assignment& lease, const message& one, const ack_handle& ack);

private:
  void may_throw(const assignment& lease, std::int64_t first, std::int64_t next);
  verdict decide(std::int64_t first, std::int64_t last);
  void acknowledge_later(const assignment& lease, const batch& messages);
  void acknowledge_later(const assignment& lease, const ack_handle& ack);

  scene& on_;
  std::size_t member_;
};

/// A handler with random behavior: an object for batches, an object for single messages, or a
/// process. The process may answer late or never.
group_handler make_handler(scene& on, std::size_t member, caf::actor_system& system,
                           std::vector<caf::actor>& processes);

} // namespace ottla::kafka::simulation
