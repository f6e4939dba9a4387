#pragma once

#include <ottla/registry/internal/entry.hpp>
#include <ottla/registry/internal/limbo.hpp>
#include <ottla/registry/internal/slab.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace ottla::detail {

/// Finds the first entry under a name, for any number of readers in read_sections and one writer at
/// a time. The index grows in small steps (extendible hashing). Names are in segments of 2 KiB. A
/// folder maps the first bits of a hash to a segment. A full segment is replaced by two segments,
/// or by a copy without its vacated slots. No write copies more than a segment, except when the
/// folder doubles. The folder takes 1 MiB at ten million names.
///
/// Readers are correct at any moment, because a reader sees each slot, segment or folder either
/// before a write or after it.
///   - An entry is complete before a slot points to it, and keeps its slot in its segment. Readers
///     find the entry from the store into the slot until the next store into that slot.
///   - A used slot never becomes empty again, so a search finds its name before an empty slot.
///   - A replaced segment is complete and never changes. A reader that still uses it misses later
///     entries, as an earlier look-up would. The reader also finds entries that were removed later,
///     but a removed entry is marked as over.
class name_index {
public:
  /// Replaced segments and folders go to `removed`, which must outlive the index.
  explicit name_index(limbo& removed);
  /// No reader may be left. The index does not own the entries.
  ~name_index();
  name_index(const name_index&) = delete;
  name_index& operator=(const name_index&) = delete;

  const entry* find(std::uint64_t hash, std::string_view name) const noexcept;

  // For the writer.

  entry* find(std::uint64_t hash, std::string_view name) noexcept {
    return const_cast<entry*>(std::as_const(*this).find(hash, name));
  }

  /// Adds the first entry of a name that is not in the index.
  void insert(entry* first);
  /// Replaces `was` with another entry of the same name. A null `by` removes the name.
  void replace(const entry* was, entry* by) noexcept;

  /// Walks the segment of `hash`. Passes the first entry of each name to `see` if its hash is at
  /// least `hash`. Returns the segment's last hash. To walk all names, continue with the next hash.
  template <class See>
  std::uint64_t walk(std::uint64_t hash, See see) const {
    const auto& from = segment_of(hash);
    for (const auto& slot : from.slots)
      if (const auto* first = entry_in(slot.load(std::memory_order_acquire)))
        if (first->hash() >= hash)
          see(*first);
    return hash | (~std::uint64_t{0} >> from.depth);
  }

private:
  using slot_type = std::atomic<std::uint64_t>;
  static constexpr std::size_t slots_each = 256;

  struct segment {
    explicit segment(unsigned bits) noexcept : depth{bits} {}

    static void* operator new(std::size_t bytes) { return take_memory(bytes); }
    static void operator delete(void* what, std::size_t bytes) noexcept {
      give_memory_back(what, bytes);
    }

    /// Number of first bits that all hashes of the segment have in common.
    const unsigned depth;
    /// Number of slots that are not empty, and how many of them point to an entry. For the writer.
    unsigned used = 0;
    unsigned live = 0;
    std::array<slot_type, slots_each> slots{};
  };

  struct folder {
    explicit folder(unsigned bits)
      : depth{bits}, segments{new std::atomic<segment*>[std::size_t{1} << bits]} {}

    std::size_t size() const noexcept { return std::size_t{1} << depth; }
    std::size_t place_of(std::uint64_t hash) const noexcept { return (hash >> 1) >> (63 - depth); }

    const unsigned depth;
    const std::unique_ptr<std::atomic<segment*>[]> segments;
  };

  // The lower 48 bits of a slot are an entry's address. User space uses no higher bits. The upper
  // 16 bits are bits of the hash, so that a search hardly ever reads the entry of another name.
  static constexpr unsigned address_bits = 48;
  static constexpr std::uint64_t empty = 0;
  static constexpr std::uint64_t vacated = 1;

  static std::uint64_t tag_of(std::uint64_t hash) noexcept { return (hash >> 8) << address_bits; }
  static const entry* entry_in(std::uint64_t slot) noexcept {
    const auto address = slot & ((std::uint64_t{1} << address_bits) - 1);
    return address > vacated ? reinterpret_cast<const entry*>(address) : nullptr;
  }
  static std::uint64_t slot_for(const entry* what) noexcept;

  segment& segment_of(std::uint64_t hash) const noexcept {
    const auto* from = folder_.load(std::memory_order_acquire);
    return *from->segments[from->place_of(hash)].load(std::memory_order_acquire);
  }

  static void add(segment& to, const entry* what) noexcept;
  segment& with_room_for(std::uint64_t hash);
  /// Replaces the segment of `hash` with one segment, or with two halves.
  void put(std::uint64_t hash, std::unique_ptr<segment> lower, std::unique_ptr<segment> upper);
  void double_folder();

  limbo& removed_;
  std::atomic<folder*> folder_;
};

inline const entry* name_index::find(std::uint64_t hash, std::string_view name) const noexcept {
  const auto& in = segment_of(hash);
  const auto tag = tag_of(hash);
  for (auto place = hash % slots_each;; place = (place + 1) % slots_each) {
    const auto slot = in.slots[place].load(std::memory_order_acquire);
    if (slot == empty)
      return nullptr;
    if ((slot ^ tag) >> address_bits == 0)
      if (const auto* found = entry_in(slot); found != nullptr && found->has_name(name))
        return found;
  }
}

} // namespace ottla::detail
