#include <ottla/kafka/internal/fetch/stream_position.hpp>

namespace ottla::kafka {

stream_position::reply stream_position::decide(std::optional<std::uint64_t> after) {
  if (after && offered_ && *after == offered_->number && !offered_->is_end) {
    confirmed_parts_ = offered_->number;
    confirmed_ = std::move(offered_->progress);
    offered_.reset();
    must_reread_ = false;
    return read_on{};
  }
  const bool repeats_end = after && offered_ && *after == offered_->number;
  if (after && *after != confirmed_parts_ && !repeats_end) {
    const auto last = offered_ ? offered_->number : confirmed_parts_;
    return refused{"next_part_request::after must be the number of the last part, "
                   + std::to_string(last)
                   + (last > confirmed_parts_ ? ", or of the part before it" : "") + ", got "
                   + std::to_string(*after)};
  }
  if (offered_ && !must_reread_)
    return *offered_;
  return read_on{};
}

stream_part stream_position::offer(stream_part part) {
  must_reread_ = false;
  part.number = confirmed_parts_ + 1;
  if (confirmed_.empty()) {
    confirmed_ = part.progress;
    for (auto& each : confirmed_)
      each.next = each.first;
  }
  return offered_.emplace(std::move(part));
}

} // namespace ottla::kafka
