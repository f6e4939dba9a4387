#pragma once

#include <ottla/kafka/capabilities.hpp>

namespace ottla::kafka {

/// `version` is rd_kafka_version(): 0x020002ff is 2.0.2. The last byte is ff in a release.
client_capabilities capabilities_of(int version);

} // namespace ottla::kafka
