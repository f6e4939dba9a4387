#include <ottla/registry/internal/entry.hpp>
#include <ottla/registry/internal/slab.hpp>

#include <cstring>
#include <new>
#include <utility>

namespace ottla::detail {

entry* entry::make(std::string_view name, std::uint64_t hash, const caf::actor& holder, holding how,
                   name_value value) {
  auto* cell = value ? new name_value{std::move(value)} : nullptr;
  void* room = take_memory(sizeof(entry) + name.size());
  return ::new (room) entry{name, hash, holder, how, cell};
}

entry::entry(std::string_view name, std::uint64_t hash, const caf::actor& holder, holding how,
             name_value* value) noexcept
  : hash_{hash},
    value_{value},
    address_{holder.address()},
    held_{how == holding::strong ? holder : caf::actor{}},
    length_{static_cast<std::uint16_t>(name.size())},
    scheduled_{holder && is_scheduled(holder)} {
  std::memcpy(reinterpret_cast<char*>(this + 1), name.data(), name.size());
}

entry::~entry() {
  delete value_.load(std::memory_order_relaxed);
}

void entry::dispose(entry* what) {
  const auto last = std::exchange(what->held_, {});
  delete what->value_.exchange(nullptr, std::memory_order_relaxed);
  what->drop();
}

void entry::drop() const noexcept {
  if (keepers_.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  auto* self = const_cast<entry*>(this);
  const auto bytes = sizeof(entry) + length_;
  self->~entry();
  give_memory_back(self, bytes);
}

name_value* entry::exchange_value(name_value value) {
  auto* next = value ? new name_value{std::move(value)} : nullptr;
  return value_.exchange(next, std::memory_order_acq_rel);
}

void entry::append_to(entry* first) noexcept {
  previous_in_name_ = first->previous_in_name_;
  previous_in_name_->next_in_name_.store(this, std::memory_order_release);
  first->previous_in_name_ = this;
}

entry* entry::unlink_from(entry* first) noexcept {
  auto* next = writers_next_in_name();
  if (this == first) {
    if (next != nullptr)
      next->previous_in_name_ = previous_in_name_;
    return next;
  }
  previous_in_name_->next_in_name_.store(next, std::memory_order_release);
  (next != nullptr ? next : first)->previous_in_name_ = previous_in_name_;
  return first;
}

void entry::prepend_to(entry* first) noexcept {
  next_of_holder_.store(first, std::memory_order_relaxed);
  if (first != nullptr)
    first->previous_of_holder_ = this;
}

entry* entry::unlink_from_holder(entry* first) noexcept {
  auto* next = writers_next_of_holder();
  if (next != nullptr)
    next->previous_of_holder_ = previous_of_holder_;
  if (this == first)
    return next;
  previous_of_holder_->next_of_holder_.store(next, std::memory_order_release);
  return first;
}

} // namespace ottla::detail
