#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/kafka/batch.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/group_consumer.hpp>

#include "scene.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace ottla::kafka::simulation {

/// What the program's own code does with messages, by chance: it acknowledges all, some, later,
/// never, it throws. Told to the judge before the tree learns of it.
class handling {
public:
  handling(scene& on, std::size_t member) : on_{on}, member_{member} {}

  void begin(const assignment& lease, bool may_throw);
  verdict handle(const assignment& lease, const batch& messages, bool late);
  /// One message of a batch, with what acknowledges it.
  verdict handle_one(const assignment& lease, const message& one, const ack_handle& ack);

private:
  void may_throw(const assignment& lease, std::int64_t first, std::int64_t next);
  verdict decide(std::int64_t first, std::int64_t last);
  void acknowledge_later(const assignment& lease, const batch& messages);
  void acknowledge_later(const assignment& lease, const ack_handle& ack);

  scene& on_;
  std::size_t member_;
};

/// Objects that do so with batches or with single messages, or a process of the member's that
/// answers when it likes.
group_handler make_handler(scene& on, std::size_t member, caf::actor_system& system,
                           std::vector<caf::actor>& processes);

} // namespace ottla::kafka::simulation
