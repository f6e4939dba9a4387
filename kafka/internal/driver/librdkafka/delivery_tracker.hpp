#pragma once

#include <ottla/kafka/internal/driver/librdkafka/urgent_groups.hpp>
#include <ottla/kafka/internal/driver/producer_handle.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace ottla::kafka {

/// Counts the delivery reports of one outgoing batch, and keeps the bytes of the batch alive.
///
/// Thread safety: stored() and failed() from any thread, each index once. The call that completes
/// the batch returns true, and its thread calls take_result(). Before that call, all other calls
/// have returned or no longer touch the tracker.
class delivery_tracker {
public:
  explicit delivery_tracker(std::shared_ptr<const outgoing> batch)
    : batch_{std::move(batch)},
      slots_(batch_->records.size(), this),
      places_(batch_->records.size()) {}
  delivery_tracker(const delivery_tracker&) = delete;
  delivery_tracker& operator=(const delivery_tracker&) = delete;

  /// The opaque pointer of a record. librdkafka returns this pointer in the record's delivery
  /// report. find() converts the pointer to the tracker and the index.
  void* opaque_of(std::size_t index) noexcept { return &slots_[index]; }

  struct reported {
    delivery_tracker* by;
    std::size_t index;
  };
  static reported find(void* opaque) noexcept {
    auto* slot = static_cast<delivery_tracker**>(opaque);
    return {*slot, static_cast<std::size_t>(slot - (*slot)->slots_.data())};
  }

  [[nodiscard]] bool stored(std::size_t index, record_place where) noexcept {
    places_[index] = where;
    return count_report();
  }
  [[nodiscard]] bool failed(std::size_t index, error why, bool may_be_stored = false) {
    {
      const std::scoped_lock guard{lock_};
      failures_.push_back({index, std::move(why), may_be_stored});
    }
    return count_report();
  }

  /// Notes why a record has no partition, before the record fails for that reason.
  void note_no_partition(std::size_t index, error why) {
    const std::scoped_lock guard{lock_};
    without_partition_.insert_or_assign(index, std::move(why));
  }
  /// The noted reason; nullopt if the record fails for another reason.
  std::optional<error> why_no_partition(std::size_t index) const {
    const std::scoped_lock guard{lock_};
    const auto found = without_partition_.find(index);
    return found == without_partition_.end() ? std::nullopt : std::optional{found->second};
  }

  const outgoing& batch() const noexcept { return *batch_; }

  /// Notes that the batch belongs to a group. Returns false if the batch is complete already, or
  /// belongs to a group.
  bool hurry(urgent_groups::group of) noexcept {
    auto before = none;
    return progress_.compare_exchange_strong(before, of);
  }

  /// Notes that the batch is complete. Returns its group, if it has one. Call once.
  std::optional<urgent_groups::group> end_hurry() noexcept {
    const auto before = progress_.exchange(complete);
    return before == none ? std::nullopt : std::optional{before};
  }

  /// Call once, after the batch is complete.
  delivered take_result();

private:
  /// Each report is released here, and the last call acquires all of them.
  bool count_report() noexcept {
    return reported_.fetch_add(1, std::memory_order_acq_rel) + 1 == slots_.size();
  }

  static constexpr urgent_groups::group none = 0;
  static constexpr urgent_groups::group complete = ~urgent_groups::group{0};

  std::shared_ptr<const outgoing> batch_;
  std::atomic<urgent_groups::group> progress_ = none;
  std::vector<delivery_tracker*> slots_;
  std::vector<record_place> places_;
  std::atomic<std::size_t> reported_ = 0;
  mutable std::mutex lock_;
  std::vector<delivered::failure> failures_;
  /// Reasons by the index of the record. Nearly always empty.
  std::map<std::size_t, error> without_partition_;
};

} // namespace ottla::kafka
