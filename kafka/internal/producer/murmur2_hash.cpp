#include <ottla/kafka/internal/producer/murmur2_hash.hpp>

#include <cstddef>

namespace ottla::kafka {

namespace {

/// The byte, without the sign of a plain char.
std::uint32_t byte_of(std::string_view bytes, std::size_t at) noexcept {
  return static_cast<unsigned char>(bytes[at]);
}

} // namespace

std::uint32_t murmur2_hash(std::string_view bytes) noexcept {
  constexpr std::uint32_t seed = 0x9747b28c;
  constexpr std::uint32_t multiplier = 0x5bd1e995;
  constexpr unsigned word_bytes = 4;
  auto hash = seed ^ static_cast<std::uint32_t>(bytes.size());
  for (; bytes.size() >= word_bytes; bytes.remove_prefix(word_bytes)) {
    auto word = byte_of(bytes, 0) | byte_of(bytes, 1) << 8 | byte_of(bytes, 2) << 16
                | byte_of(bytes, 3) << 24;
    word *= multiplier;
    word ^= word >> 24;
    word *= multiplier;
    hash *= multiplier;
    hash ^= word;
  }
  if (!bytes.empty()) {
    for (std::size_t at = 0; at < bytes.size(); ++at)
      hash ^= byte_of(bytes, at) << (8 * at);
    hash *= multiplier;
  }
  hash ^= hash >> 13;
  hash *= multiplier;
  hash ^= hash >> 15;
  return hash;
}

} // namespace ottla::kafka
