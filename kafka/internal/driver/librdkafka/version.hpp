#pragma once

#include <ottla/kafka/capabilities.hpp>

namespace ottla::kafka {

/// `version` is rd_kafka_version(): 0x020002ff is 2.0.2. The last byte is ff in a release.
client_capabilities capabilities_of(int version);

/// Whether ottla uses librdkafka's checks of leader epochs. librdkafka has these checks since 2.1.
/// Up to 2.2, librdkafka also reports lost records if a check fails for another reason, for example
/// because a broker is unreachable (librdkafka #4447).
constexpr bool checks_leader_epochs(int version) noexcept {
  return version >= 0x020300ff;
}

} // namespace ottla::kafka
