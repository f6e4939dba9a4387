#include <ottla/kafka/internal/groupless/hook_failure.hpp>
#include <ottla/kafka/internal/groupless/offset_store.hpp>

#include <utility>

namespace ottla::kafka {

void offset_store::put(driver& with, std::vector<next_offset> offsets, receiver done) {
  {
    const std::lock_guard lock{guard_};
    waiting_.push_back({std::move(offsets), std::move(done)});
    if (std::exchange(is_working_, true))
      return;
  }
  with.look_up({}, [self = shared_from_this()](lookup_session&) { self->work(); });
}

std::optional<offset_store::request> offset_store::next() {
  const std::lock_guard lock{guard_};
  if (waiting_.empty()) {
    is_working_ = false;
    return std::nullopt;
  }
  auto first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

void offset_store::work() {
  while (const auto one = next()) {
    const auto failed = failure_of("store_offsets", [&] { store_(one->offsets); });
    one->done(failed);
  }
}

} // namespace ottla::kafka
