#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <vector>

namespace ottla::detail {

/// Memory for the objects that look-ups read, in few large pages.
///
/// Why it exists: with a million names in pages of 4 KiB a look-up is mostly address translation.
/// Gain: a look-up of 1,000 among a million names takes 1.36 to 1.59 times as long as a look-up in
/// a table of 1,000 names. With ordinary pages the factor was 2.98 (docs/results/registry.md,
/// decision 0017). Remove the slab when the program's malloc uses huge pages. bench/registry_lookup
/// measures the effect.
///
/// The slab first takes ordinary memory in small blocks. From `small_until` on it takes blocks of 2
/// MiB and asks the kernel to map each block as one page. Memory that is given back is reused for
/// the same size. Blocks are freed with the slab.
///
/// Thread safety: call from any thread.
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

  /// Takes at most `largest` bytes, aligned to `alignment`. Throws std::bad_alloc.
  void* take(std::size_t bytes);
  /// `bytes` is the size that was passed to take().
  void give_back(void* what, std::size_t bytes) noexcept;

  /// Bytes taken from the system.
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

/// Takes memory from the program's slab. The slab is never freed, since kept entries may outlive
/// all tables. With AddressSanitizer or ThreadSanitizer the memory is from the heap, so that the
/// sanitizer sees each allocation.
void* take_memory(std::size_t bytes);
void give_memory_back(void* what, std::size_t bytes) noexcept;

} // namespace ottla::detail
