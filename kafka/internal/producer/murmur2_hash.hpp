#pragma once

#include <cstdint>
#include <string_view>

namespace ottla::kafka {

/// Kafka's variant of MurmurHash2, equal to org.apache.kafka.common.utils.Utils.murmur2. Java
/// returns the same bits as a signed number.
std::uint32_t murmur2_hash(std::string_view bytes) noexcept;

} // namespace ottla::kafka
