#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>
#include <ottla/kafka/internal/partition/out_of_order_acks.hpp>

#include <unordered_map>
#include <vector>

namespace ottla::kafka {

/// Orders acknowledgements. Advances a partition_state over a range after all lower offsets are
/// acknowledged. Acknowledgements in order go directly from a worker to the partition_state, see
/// lease_acks. Ranges that finished out of order are lost when this process dies. The supervisor
/// restarts the workers with this process, and the workers get the unacknowledged messages again.
/// The models are Elsa.Group.Acknowledger and OffBroadway.Kafka.Acknowledger.
class acknowledger : public process {
public:
  acknowledger(caf::actor_config& config, process_context context, group_context_ptr group);

private:
  struct open_lease {
    std::uint64_t epoch;
    out_of_order_acks done;
  };

  caf::behavior set_up() override;
  void acknowledge(const batch_acked& ack);
  void forget(const std::vector<topic_partition>& partitions);

  group_context_ptr group_;
  std::unordered_map<topic_partition, open_lease> leases_;
};

} // namespace ottla::kafka
