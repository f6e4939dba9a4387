#pragma once

#include <ottla/kafka/capabilities.hpp>

namespace ottla::kafka {

/// `version` is rd_kafka_version(): 0x020002ff is 2.0.2. The last byte is ff in a release.
client_capabilities capabilities_of(int version);

/// librdkafka checks leader epochs from 2.1 on. Up to 2.2 a check that fails for another reason,
/// for example because a broker is away, counts as lost records (librdkafka #4447).
constexpr bool checks_leader_epochs(int version) noexcept {
  return version >= 0x020300ff;
}

} // namespace ottla::kafka
