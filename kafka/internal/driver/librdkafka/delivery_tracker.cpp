#include <ottla/kafka/internal/driver/librdkafka/delivery_tracker.hpp>

#include <algorithm>

namespace ottla::kafka {

delivered delivery_tracker::take_result() {
  std::ranges::sort(failures_, {}, &delivered::failure::index);
  return {.asked = batch_->asked, .failures = std::move(failures_), .places = std::move(places_)};
}

} // namespace ottla::kafka
