#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>
#include <ottla/kafka/internal/partition/offset_tracker.hpp>

#include <unordered_map>
#include <vector>

namespace ottla::kafka {

/// Puts acknowledgements in order: a range counts in its partition_record when nothing below the
/// range is open. Acknowledgements that come in order go straight to the record, see lease_acks.
/// Ranges finished out of order live here and are lost with this process. The workers are restarted
/// with it and get the messages again. (Elsa.Group.Acknowledger, OffBroadway.Kafka.Acknowledger.)
class acknowledger : public process {
public:
  acknowledger(caf::actor_config& config, process_context context, group_context_ptr group);

private:
  struct open_lease {
    std::uint64_t epoch;
    offset_tracker done;
  };

  caf::behavior set_up() override;
  void acknowledge(const batch_acked& ack);
  void forget(const std::vector<topic_partition>& partitions);

  group_context_ptr group_;
  std::unordered_map<topic_partition, open_lease> leases_;
};

} // namespace ottla::kafka
