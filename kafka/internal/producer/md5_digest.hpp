#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ottla::kafka {

/// The MD5 digest of RFC 1321. Only for the partitioner `md5`. MD5 is broken as a cryptographic
/// hash, so use it for nothing else.
std::array<std::uint8_t, 16> md5_digest(std::string_view bytes);

} // namespace ottla::kafka
