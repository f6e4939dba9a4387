#include <ottla/registry/internal/slab.hpp>

#include <cassert>
#include <cstdint>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace ottla::detail {

namespace {

constexpr std::size_t small_block = std::size_t{64} << 10;
constexpr std::size_t huge_page = std::size_t{2} << 20;

void* map_huge_page() {
  // Maps twice the size, so that the mapping contains an aligned page, and unmaps the rest.
  constexpr auto mapped = 2 * huge_page;
  auto* const all
    = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED)
    throw std::bad_alloc{};
  auto* const start = static_cast<std::byte*>(all);
  const auto before = (huge_page - reinterpret_cast<std::uintptr_t>(start) % huge_page) % huge_page;
  if (before != 0)
    ::munmap(start, before);
  auto* const page = start + before;
  ::munmap(page + huge_page, mapped - huge_page - before);
  // The call is only advice. The kernel may still use small pages.
  ::madvise(page, huge_page, MADV_HUGEPAGE);
  return page;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
slab& of_the_program() {
  static auto& one = *new slab;
  return one;
}
#endif

} // namespace

slab::~slab() {
  for (const auto& each : blocks_) {
    if (each.bytes == huge_page)
      ::munmap(each.start, each.bytes);
    else
      ::operator delete(each.start);
  }
}

void* slab::take(std::size_t bytes) {
  assert(bytes <= largest);
  const auto which = class_of(bytes);
  const std::lock_guard lock{guard_};
  if (auto* const item = free_[which]; item != nullptr) {
    free_[which] = item->next;
    return item;
  }
  const auto needed = which * alignment;
  if (left_ < needed)
    add_block();
  left_ -= needed;
  return std::exchange(next_, next_ + needed);
}

void slab::give_back(void* what, std::size_t bytes) noexcept {
  auto* const item = static_cast<free_item*>(what);
  const std::lock_guard lock{guard_};
  item->next = std::exchange(free_[class_of(bytes)], item);
}

std::size_t slab::size() const {
  const std::lock_guard lock{guard_};
  return size_;
}

void slab::add_block() {
  blocks_.reserve(blocks_.size() + 1);
  const bool small = size_ < small_until;
  const block added{.start = small ? ::operator new(small_block) : map_huge_page(),
                    .bytes = small ? small_block : huge_page};
  blocks_.push_back(added);
  size_ += added.bytes;
  next_ = static_cast<std::byte*>(added.start);
  left_ = added.bytes;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
void* take_memory(std::size_t bytes) {
  return ::operator new(bytes);
}

void give_memory_back(void* what, std::size_t) noexcept {
  ::operator delete(what);
}
#else
void* take_memory(std::size_t bytes) {
  return of_the_program().take(bytes);
}

void give_memory_back(void* what, std::size_t bytes) noexcept {
  of_the_program().give_back(what, bytes);
}
#endif

} // namespace ottla::detail
