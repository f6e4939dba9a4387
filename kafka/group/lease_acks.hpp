#pragma once

#include <ottla/kafka/consumer/ack_handle.hpp>
#include <ottla/kafka/group/messages.hpp>

#include <cstdint>
#include <memory>

namespace ottla::kafka {

/// The acknowledgements of one lease: straight to the record where order allows, as its memory goes
/// back at once then, still in the caches; to the acknowledger while something before them is open.
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
