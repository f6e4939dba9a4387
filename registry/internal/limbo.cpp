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

struct blocker {
  const reader_slot* slot;
  std::uint64_t at;

  bool has_left() const noexcept { return slot->at.load(std::memory_order_acquire) != at; }
};

/// A bundle and the readers that it waits for.
struct waiting {
  limbo::bundle what;
  std::vector<blocker> readers;
  waiting* next = nullptr;

  bool is_unread() const noexcept {
    return std::all_of(readers.begin(), readers.end(),
                       [](const blocker& one) { return one.has_left(); });
  }
};

/// The pending bundles and the slots of all threads. Slots are reused and never freed.
struct everybody {
  std::atomic<reader_slot*> slots = nullptr;
  std::atomic<waiting*> bundles = nullptr;
  std::atomic<std::uint64_t> leavers = 0;
  const bool has_membarrier
    = ::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
};

everybody& all() {
  // Never destroyed, since threads may read after static objects are destroyed.
  static auto& readers = *new everybody;
  return readers;
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
  if (all().has_membarrier
      && ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0)
    std::abort(); // Cannot fail after the registration. Without the barrier readers are not safe.
}

void put_back(waiting* one) noexcept {
  auto& first = all().bundles;
  one->next = first.load(std::memory_order_relaxed);
  while (!first.compare_exchange_weak(one->next, one, std::memory_order_acq_rel,
                                      std::memory_order_relaxed)) {
  }
}

void dispose(const limbo::bundle& bundle) {
  for (const auto& each : bundle.what)
    each.dispose(each.what);
  bundle.owed->fetch_sub(1, std::memory_order_release);
}

/// Several threads may run this at a time. Each thread takes all pending bundles and puts back the
/// bundles that must wait. A reader that leaves while another thread has the bundles finds no
/// bundle. That reader has already incremented `leavers`, so the other thread repeats the loop.
void dispose_of_the_unread() {
  auto& shared = all();
  std::uint64_t seen = 0;
  do {
    seen = shared.leavers.load();
    auto* next = shared.bundles.exchange(nullptr, std::memory_order_acq_rel);
    while (next != nullptr) {
      auto* one = std::exchange(next, next->next);
      if (one->is_unread()) {
        dispose(one->what);
        delete one;
      } else {
        put_back(one);
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
  auto& first = all().slots;
  for (auto* slot = first.load(std::memory_order_acquire); slot != nullptr; slot = slot->next)
    if (bool taken = false; slot->taken.compare_exchange_strong(taken, true))
      return *slot;
  auto* slot = new reader_slot;
  slot->fenced = !all().has_membarrier;
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
  all().leavers.fetch_add(1);
  dispose_of_the_unread();
}

limbo::~limbo() {
  dispose_when_unread(take());
  while (owed_->load(std::memory_order_acquire) != 0 && !read_section::is_open()) {
    std::this_thread::yield();
    dispose_of_the_unread();
  }
}

limbo::bundle limbo::take_due() {
  constexpr std::size_t worth_while = 64;
  return soon_ || unread_.size() >= worth_while ? take() : bundle{};
}

limbo::bundle limbo::take() {
  soon_ = false;
  if (unread_.empty())
    return {};
  owed_->fetch_add(1, std::memory_order_relaxed);
  return {.what = std::exchange(unread_, {}), .owed = owed_};
}

void dispose_when_unread(limbo::bundle what) {
  if (what.what.empty())
    return;
  barrier_in_all_threads();
  std::vector<blocker> readers;
  for (auto* slot = all().slots.load(std::memory_order_acquire); slot != nullptr; slot = slot->next)
    if (const auto at = slot->at.load(std::memory_order_acquire); (at & 1) != 0) {
      readers.push_back({slot, at});
      slot->wanted.store(true, std::memory_order_relaxed);
    }
  if (readers.empty()) {
    dispose(what);
    return;
  }
  put_back(new waiting{.what = std::move(what), .readers = std::move(readers)});
  barrier_in_all_threads();
  dispose_of_the_unread();
}

} // namespace ottla::detail
