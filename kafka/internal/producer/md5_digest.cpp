#include <ottla/kafka/internal/producer/md5_digest.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>

namespace ottla::kafka {

namespace {

// The names and numbers of RFC 1321, section 3.

constexpr std::size_t block_bytes = 64;
constexpr std::size_t length_bytes = 8;

using block = std::array<std::uint8_t, block_bytes>;
using state = std::array<std::uint32_t, 4>;

/// The integer part of 4294967296 * abs(sin(i + 1)).
constexpr std::array<std::uint32_t, 64> sines{
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

constexpr int shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

std::uint32_t word_of(const block& from, std::size_t number) noexcept {
  const auto at = number * 4;
  return std::uint32_t{from[at]} | std::uint32_t{from[at + 1]} << 8
         | std::uint32_t{from[at + 2]} << 16 | std::uint32_t{from[at + 3]} << 24;
}

void add_block(state& to, const block& from) noexcept {
  auto [a, b, c, d] = to;
  for (std::size_t step = 0; step < sines.size(); ++step) {
    const auto round = step / 16;
    std::uint32_t mixed = 0;
    std::size_t word = 0;
    switch (round) {
      case 0:
        mixed = (b & c) | (~b & d);
        word = step;
        break;
      case 1:
        mixed = (b & d) | (c & ~d);
        word = (5 * step + 1) % 16;
        break;
      case 2:
        mixed = b ^ c ^ d;
        word = (3 * step + 5) % 16;
        break;
      default:
        mixed = c ^ (b | ~d);
        word = (7 * step) % 16;
        break;
    }
    const auto turned
      = b + std::rotl(a + mixed + sines[step] + word_of(from, word), shifts[round][step % 4]);
    a = d;
    d = c;
    c = b;
    b = turned;
  }
  to = {to[0] + a, to[1] + b, to[2] + c, to[3] + d};
}

} // namespace

std::array<std::uint8_t, 16> md5_digest(std::string_view bytes) {
  state sum{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  const auto bits = std::uint64_t{bytes.size()} * 8;
  block next{};
  for (; bytes.size() >= block_bytes; bytes.remove_prefix(block_bytes)) {
    std::copy_n(bytes.begin(), block_bytes, next.begin());
    add_block(sum, next);
  }
  // The padding: one bit, zeros, and the length in bits, which may need a block of its own.
  next = {};
  std::ranges::copy(bytes, next.begin());
  next[bytes.size()] = 0x80;
  if (bytes.size() + 1 > block_bytes - length_bytes) {
    add_block(sum, next);
    next = {};
  }
  for (std::size_t at = 0; at < length_bytes; ++at)
    next[block_bytes - length_bytes + at] = static_cast<std::uint8_t>(bits >> (8 * at));
  add_block(sum, next);
  std::array<std::uint8_t, 16> digest{};
  for (std::size_t at = 0; at < digest.size(); ++at)
    digest[at] = static_cast<std::uint8_t>(sum[at / 4] >> (8 * (at % 4)));
  return digest;
}

} // namespace ottla::kafka
