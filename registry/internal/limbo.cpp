#include <ottla/registry/internal/limbo.hpp>
#include <ottla/registry/internal/read_section.hpp>

#include <algorithm>
#include <cstdlib>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <utility>

// Why a reader never reads a freed object.
//
// A reader first increments its slot, which becomes odd, and then loads pointers. A writer first
// removes an object, so that no pointer in the table leads to the object, and then loads the slots.
// At least one of the two must see the store of the other, which requires a barrier between store
// and load on both sides. Readers have only a compiler barrier. The writer calls membarrier(2),
// which makes every running thread of the process execute a full barrier at some point before the
// call returns. For each reader this point is either
//   - after the reader's store: the writer sees an odd slot and waits until it has changed; or
//   - before the reader's store and loads: the loads see the table without the object.
// An even slot belongs to a reader that has left. All reads of that reader happened before the
// writer's load, since the reader leaves by a release store, which the writer acquires. Without
// membarrier(2) readers execute the full barrier themselves.
//
// The same argument holds for leaving. A reader first stores that it has left, and then loads its
// mark `wanted`. A writer that has found readers marks them as wanted and publishes the bundle,
// executes another barrier, and loads the slots again. Either the reader finds the mark, and so the
// bundle, or the writer finds that the reader has left. A bundle is therefore never lost.

namespace ottla::detail {

namespace {

/// A reader in a section, and its slot's counter at that time.
struct blocking_reader {
  const reader_slot* slot;
  std::uint64_t at;

  bool has_left() const noexcept { return slot->at.load(std::memory_order_acquire) != at; }
};

/// A bundle and the readers that it waits for.
struct waiting_bundle {
  limbo::bundle bundle;
  std::vector<blocking_reader> readers;
  waiting_bundle* next = nullptr;

  bool is_unread() const noexcept {
    return std::all_of(readers.begin(), readers.end(),
                       [](const blocking_reader& each) { return each.has_left(); });
  }
};

/// The pending bundles and the slots of all threads. Slots are reused and never freed.
struct shared_state {
  std::atomic<reader_slot*> slots = nullptr;
  std::atomic<waiting_bundle*> bundles = nullptr;
  std::atomic<std::uint64_t> leavers = 0;
  const bool has_membarrier
    = ::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
};

shared_state& readers_and_bundles() {
  // Never destroyed, since threads may read after static objects are destroyed.
  static auto& shared = *new shared_state;
  return shared;
}

#pragma GCC diagnostic push
#if defined(__GNUC__) && !defined(__clang__)
#  pragma GCC diagnostic ignored "-Wtsan"
#endif
void full_fence() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
}
#pragma GCC diagnostic pop

void barrier_in_all_threads() noexcept {
  full_fence();
  if (readers_and_bundles().has_membarrier
      && ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0)
    std::abort(); // Cannot fail after the registration. Without the barrier readers are not safe.
}

void put_back(waiting_bundle* blocked) noexcept {
  auto& first = readers_and_bundles().bundles;
  blocked->next = first.load(std::memory_order_relaxed);
  while (!first.compare_exchange_weak(blocked->next, blocked, std::memory_order_acq_rel,
                                      std::memory_order_relaxed)) {
  }
}

void dispose(const limbo::bundle& bundle) {
  for (const auto& each : bundle.objects)
    each.dispose(each.object);
  bundle.pending_bundles->fetch_sub(1, std::memory_order_release);
}

/// Several threads may run this at a time. Each thread takes all pending bundles and puts back the
/// bundles that must wait. A reader that leaves while another thread has the bundles finds no
/// bundle. That reader has already incremented `leavers`, so the other thread repeats the loop.
void dispose_unread_bundles() {
  auto& shared = readers_and_bundles();
  std::uint64_t seen = 0;
  do {
    seen = shared.leavers.load();
    auto* next = shared.bundles.exchange(nullptr, std::memory_order_acq_rel);
    while (next != nullptr) {
      auto* taken = std::exchange(next, next->next);
      if (taken->is_unread()) {
        dispose(taken->bundle);
        delete taken;
      } else {
        put_back(taken);
      }
    }
  } while (shared.leavers.load() != seen);
}

/// Releases the slot when its thread ends.
struct slot_lease {
  reader_slot* slot = nullptr;

  ~slot_lease() {
    reader_slot::mine = nullptr;
    if (slot != nullptr)
      slot->taken.store(false, std::memory_order_release);
  }
};

reader_slot& free_slot() {
  auto& first = readers_and_bundles().slots;
  for (auto* slot = first.load(std::memory_order_acquire); slot != nullptr; slot = slot->next)
    if (bool taken = false; slot->taken.compare_exchange_strong(taken, true))
      return *slot;
  auto* slot = new reader_slot;
  slot->fenced = !readers_and_bundles().has_membarrier;
  slot->next = first.load(std::memory_order_relaxed);
  while (!first.compare_exchange_weak(slot->next, slot, std::memory_order_acq_rel,
                                      std::memory_order_relaxed)) {
  }
  return *slot;
}

} // namespace

reader_slot& reader_slot::take() {
  thread_local slot_lease lease;
  lease.slot = mine = &free_slot();
  return *mine;
}

void read_section::fence() noexcept {
  full_fence();
}

void read_section::leave() noexcept {
  slot_.wanted.store(false, std::memory_order_relaxed);
  readers_and_bundles().leavers.fetch_add(1);
  dispose_unread_bundles();
}

limbo::~limbo() {
  dispose_when_unread(take());
  while (pending_bundles_->load(std::memory_order_acquire) != 0 && !read_section::is_open()) {
    std::this_thread::yield();
    dispose_unread_bundles();
  }
}

limbo::bundle limbo::take_due() {
  constexpr std::size_t worth_while = 64;
  return soon_ || removed_.size() >= worth_while ? take() : bundle{};
}

limbo::bundle limbo::take() {
  soon_ = false;
  if (removed_.empty())
    return {};
  pending_bundles_->fetch_add(1, std::memory_order_relaxed);
  return {.objects = std::exchange(removed_, {}), .pending_bundles = pending_bundles_};
}

void dispose_when_unread(limbo::bundle removed) {
  if (removed.objects.empty())
    return;
  barrier_in_all_threads();
  std::vector<blocking_reader> readers;
  for (auto* slot = readers_and_bundles().slots.load(std::memory_order_acquire); slot != nullptr;
       slot = slot->next)
    if (const auto at = slot->at.load(std::memory_order_acquire); (at & 1) != 0) {
      readers.push_back({slot, at});
      slot->wanted.store(true, std::memory_order_relaxed);
    }
  if (readers.empty()) {
    dispose(removed);
    return;
  }
  put_back(new waiting_bundle{.bundle = std::move(removed), .readers = std::move(readers)});
  barrier_in_all_threads();
  dispose_unread_bundles();
}

} // namespace ottla::detail
