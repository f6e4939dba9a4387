#pragma once

#include <ottla/kafka/detail/ack_sink.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>

#include <cstdint>
#include <memory>

namespace ottla::kafka {

/// Forwards the acknowledgements of one lease. An acknowledgement takes one of three ways:
///
/// 1. The next take. The handling thread notes the range in lease_progress, without a lock. The
///    next take of the partition_state counts the range and releases the batch. A reader of
///    the acknowledged offset, such as a commit, counts the range earlier. Requires that all
///    earlier offsets are acknowledged, that the range starts with the batch, that no other range
///    of the batch went to the acknowledger, and that the next take follows immediately: the worker
///    has one partition, and more messages wait. See worker::handle and
///    ack_sink::last_of_batch_done.
/// 2. In order. partition_state::acknowledge_in_order takes the state's lock, and releases the
///    batch at once, while the batch is in the CPU caches. Requires that all earlier offsets are
///    acknowledged, and that no range is on its way through the acknowledger or waits there.
/// 3. The acknowledger, for any other range. The range is a message, batch_acked. The acknowledger
///    calls partition_state::acknowledge when the gap is closed.
///
/// done() chooses between the second way and the third way. The state compares the epoch with its
/// current lease, and rejects acknowledgements of an older lease.
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
