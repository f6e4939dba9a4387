#pragma once

#include <ottla/kafka/internal/driver/producer_handle.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace ottla::kafka {

/// Counts the delivery reports of one outgoing batch, and keeps the bytes of the batch alive.
class delivery_tracker {
public:
  explicit delivery_tracker(std::shared_ptr<const outgoing> batch)
    : batch_{std::move(batch)}, slots_(batch_->records.size(), this) {}
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

  void stored() noexcept { ++reported_; }
  void failed(std::size_t index, error why, bool may_be_stored = false) {
    ++reported_;
    failures_.push_back({index, std::move(why), may_be_stored});
  }

  bool is_complete() const noexcept { return reported_ == slots_.size(); }
  const outgoing& batch() const noexcept { return *batch_; }

  /// Call once, after is_complete() returns true.
  delivered take_result();

private:
  std::shared_ptr<const outgoing> batch_;
  std::vector<delivery_tracker*> slots_;
  std::size_t reported_ = 0;
  std::vector<delivered::failure> failures_;
};

} // namespace ottla::kafka
