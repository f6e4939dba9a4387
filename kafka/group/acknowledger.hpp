#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/group/group_context.hpp>
#include <ottla/kafka/group/messages.hpp>
#include <ottla/kafka/group/offset_tracker.hpp>

#include <unordered_map>
#include <vector>

namespace ottla::kafka {

/// Puts acknowledgements in order: a record learns of one when nothing below it is open. (Those
/// that come in order the worker itself writes into the record.) Ranges
/// finished out of order live here and are lost with this process; the workers are restarted with
/// it and have them delivered again. (Elsa.Group.Acknowledger, OffBroadway.Kafka.Acknowledger.)
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
