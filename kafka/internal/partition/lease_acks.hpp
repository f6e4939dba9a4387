#pragma once

#include <ottla/kafka/consumer/ack_handle.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>

#include <cstdint>
#include <memory>

namespace ottla::kafka {

/// Forwards the acknowledgements of one lease. An acknowledgement in order goes straight to the
/// partition_state. The state then releases the batch at once, while the batch is in the CPU
/// caches. Any other acknowledgement goes to the acknowledger. The state compares the epoch with
/// its current lease, and rejects acknowledgements of an older lease.
class lease_acks final : public ack_sink {
public:
  lease_acks(std::shared_ptr<lease_progress> progress, state_ptr state, std::uint64_t epoch,
             caf::actor_addr acknowledger);

  void done(std::int64_t first, std::int64_t next) const override;

private:
  state_ptr state_;
  std::uint64_t epoch_;
  caf::actor_addr acknowledger_;
};

} // namespace ottla::kafka
