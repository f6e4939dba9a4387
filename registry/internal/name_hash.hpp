#pragma once

#include <ottla/registry/internal/bytes.hpp>

#include <cstdint>
#include <string_view>

namespace ottla::detail {

/// A 64-bit hash of a short name, which takes 2 or 3 ns. The hash of a name is the same in every
/// run. Multiplies 64-bit words and folds each product, as wyhash does.
class name_hash {
public:
  static std::uint64_t of(std::string_view name) noexcept {
    const char* at = name.data();
    auto left = name.size();
    auto hash = first ^ left;
    for (; left > 8; left -= 8, at += 8)
      hash = mix(hash ^ load<std::uint64_t>(at), second);
    return mix(hash ^ load_up_to_8(at, left), third);
  }

private:
  __extension__ using product = unsigned __int128;

  static constexpr std::uint64_t first = 0xa0761d6478bd642fU;
  static constexpr std::uint64_t second = 0xe7037ed1a0b428dbU;
  static constexpr std::uint64_t third = 0x8ebc6af09c88c6e3U;

  static std::uint64_t mix(std::uint64_t left, std::uint64_t right) noexcept {
    const auto both = static_cast<product>(left) * right;
    return static_cast<std::uint64_t>(both) ^ static_cast<std::uint64_t>(both >> 64);
  }
};

} // namespace ottla::detail
