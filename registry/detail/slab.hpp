#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <vector>

namespace ottla::detail {

/// Memory for what look-ups read, in few large pages: with a million names in pages of 4 KiB a
/// look-up is mostly the translation of its addresses (51 ns instead of 33, and 2.9 times that of a
/// thousand names instead of 1.04).
///
/// It takes ordinary memory in small blocks first, and from `small_until` on blocks of 2 MiB which
/// the kernel is asked to map in one piece each. What is given back is given out again for the same
/// size; blocks are freed with the slab.
///
/// Thread safety: any thread.
class slab {
public:
  static constexpr std::size_t alignment = 16;
  /// Larger than any entry or segment.
  static constexpr std::size_t largest = 4096;
  static constexpr std::size_t small_until = std::size_t{1} << 20;

  slab() = default;
  ~slab();
  slab(const slab&) = delete;
  slab& operator=(const slab&) = delete;

  /// At most `largest` bytes, aligned. Throws bad_alloc.
  void* take(std::size_t bytes);
  /// With the size it was taken with.
  void give_back(void* what, std::size_t bytes) noexcept;

  /// What it took from the system.
  std::size_t size() const;

private:
  struct free_item {
    free_item* next;
  };
  struct block {
    void* start;
    std::size_t bytes;
  };

  static std::size_t class_of(std::size_t bytes) noexcept {
    return (bytes + alignment - 1) / alignment;
  }
  void add_block();

  mutable std::mutex guard_;
  std::array<free_item*, largest / alignment + 1> free_{};
  std::vector<block> blocks_;
  std::size_t size_ = 0;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
};

/// From the program's slab, which is never freed, as kept entries may outlive all tables. Under
/// AddressSanitizer and ThreadSanitizer from the heap, so that they see each piece by itself.
void* take_memory(std::size_t bytes);
void give_memory_back(void* what, std::size_t bytes) noexcept;

} // namespace ottla::detail
