#include <ottla/registry/internal/name_index.hpp>

#include <cassert>
#include <stdexcept>
#include <utility>

namespace ottla::detail {

namespace {

/// A segment is full when this many of its 256 slots are used. More would make searches long.
constexpr unsigned most_used = 160;
/// A full segment with fewer entries than this is full of vacated slots. It is copied instead of
/// split.
constexpr unsigned worth_splitting = 112;
/// Deepest folder. Its 8 MiB suffice for a hundred million names. With fewer names only hashes that
/// are crafted to collide reach this depth.
constexpr unsigned deepest = 20;

} // namespace

name_index::name_index(limbo& removed) : removed_{removed}, folder_{new folder{0}} {
  folder_.load()->segments[0] = new segment{0};
}

name_index::~name_index() {
  const std::unique_ptr<folder> last{folder_.load()};
  segment* before = nullptr;
  for (std::size_t place = 0; place < last->size(); ++place)
    if (auto* each = last->segments[place].load(); each != before)
      delete std::exchange(before, each);
  delete before;
}

std::uint64_t name_index::slot_for(const entry* what) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(what);
  assert(address >> address_bits == 0);
  return address | tag_of(what->hash());
}

void name_index::insert(entry* first) {
  auto& into = with_room_for(first->hash());
  add(into, first);
}

void name_index::add(segment& to, const entry* what) noexcept {
  auto place = what->hash() % slots_each;
  while (entry_in(to.slots[place].load(std::memory_order_relaxed)) != nullptr)
    place = (place + 1) % slots_each;
  to.used += to.slots[place].load(std::memory_order_relaxed) == empty;
  ++to.live;
  to.slots[place].store(slot_for(what), std::memory_order_release);
}

void name_index::replace(const entry* was, entry* by) noexcept {
  auto& in = segment_of(was->hash());
  auto place = was->hash() % slots_each;
  while (entry_in(in.slots[place].load(std::memory_order_relaxed)) != was)
    place = (place + 1) % slots_each;
  in.live -= by == nullptr;
  in.slots[place].store(by != nullptr ? slot_for(by) : vacated, std::memory_order_release);
}

name_index::segment& name_index::with_room_for(std::uint64_t hash) {
  auto* full = &segment_of(hash);
  while (full->used >= most_used) {
    const bool splits = full->live >= worth_splitting;
    if (splits && full->depth == deepest)
      throw std::length_error{"a name table has too many names with similar hashes"};
    const auto depth = full->depth + (splits ? 1 : 0);
    auto lower = std::make_unique<segment>(depth);
    auto upper = splits ? std::make_unique<segment>(depth) : nullptr;
    const auto upper_bit = splits ? std::uint64_t{1} << (64 - depth) : 0;
    for (const auto& slot : full->slots)
      if (const auto* each = entry_in(slot.load(std::memory_order_relaxed)))
        add((each->hash() & upper_bit) != 0 ? *upper : *lower, each);
    put(hash, std::move(lower), std::move(upper));
    full = &segment_of(hash);
  }
  return *full;
}

void name_index::put(std::uint64_t hash, std::unique_ptr<segment> lower,
                     std::unique_ptr<segment> upper) {
  auto& was = segment_of(hash);
  if (upper && was.depth == folder_.load(std::memory_order_relaxed)->depth)
    double_folder();
  removed_.add(&was);
  auto& in = *folder_.load(std::memory_order_relaxed);
  const auto count = in.size() >> was.depth;
  const auto first = in.place_of(hash) & ~(count - 1);
  auto* const low = lower.release();
  auto* const high = upper ? upper.release() : low;
  for (std::size_t each = 0; each < count; ++each)
    in.segments[first + each].store(each < count / 2 ? low : high, std::memory_order_release);
}

void name_index::double_folder() {
  auto* was = folder_.load(std::memory_order_relaxed);
  auto next = std::make_unique<folder>(was->depth + 1);
  for (std::size_t place = 0; place < next->size(); ++place)
    next->segments[place].store(was->segments[place / 2].load(std::memory_order_relaxed),
                                std::memory_order_relaxed);
  removed_.add(was);
  folder_.store(next.release(), std::memory_order_release);
}

} // namespace ottla::detail
