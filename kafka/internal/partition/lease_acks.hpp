#pragma once

#include <ottla/kafka/consumer/ack_handle.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>

#include <cstdint>
#include <memory>

namespace ottla::kafka {

/// Passes on the acknowledgements of one lease. In order, they go straight to the record: memory is
/// then released at once, while it is in the CPU caches. Otherwise they go to the acknowledger.
class lease_acks final : public ack_sink {
public:
  lease_acks(std::shared_ptr<lease_progress> progress, record_ptr record, std::uint64_t epoch,
             caf::actor_addr acknowledger);

  void done(std::int64_t first, std::int64_t next) const override;

private:
  record_ptr record_;
  std::uint64_t epoch_;
  caf::actor_addr acknowledger_;
};

} // namespace ottla::kafka
