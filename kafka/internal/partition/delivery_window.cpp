#include <ottla/kafka/internal/partition/copied_batch.hpp>
#include <ottla/kafka/internal/partition/delivery_window.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace ottla::kafka {

delivery_window::delivery_window(std::int64_t beginning, std::size_t most_open) noexcept
  : most_open_{static_cast<std::int64_t>(
    std::min<std::size_t>(most_open, std::numeric_limits<std::int64_t>::max()))},
    acknowledged_{beginning},
    taken_{beginning},
    share_{.bytes = std::numeric_limits<std::size_t>::max()} {}

std::size_t delivery_window::room(std::size_t most) const noexcept {
  if (unacknowledged() >= most_open_)
    return 0;
  most = std::min(most, static_cast<std::size_t>(most_open_ - unacknowledged()));
  if (bytes_each_ == 0)
    return most;
  const auto most_bytes = share_.window(bytes_each_);
  if (!batches_.empty() && bytes_ >= most_bytes)
    return 0;
  return std::clamp<std::size_t>((most_bytes - bytes_) / bytes_each_, 1, most);
}

bool delivery_window::has_room() const noexcept {
  if (unacknowledged() >= most_open_)
    return false;
  // The window may still hold acknowledged batches.
  std::size_t open_bytes = 0;
  for (auto one = batches_.rbegin(); one != batches_.rend() && one->next > acknowledged_; ++one)
    open_bytes += one->bytes;
  return open_bytes == 0 || open_bytes < share_.window(bytes_each_);
}

std::span<const message> delivery_window::delivered_batch::messages_from(std::int64_t from) const {
  return {std::ranges::find_if(messages, [&](const message& one) { return one.offset() >= from; }),
          messages.end()};
}

fetched delivery_window::redeliver() {
  const auto& again = batches_[taken_in_lease_++];
  return {.memory = again.memory,
          .messages = again.messages_from(acknowledged_),
          .first = std::max(again.first, acknowledged_),
          .next = again.next,
          .more = true};
}

void delivery_window::add(fetched& fresh) {
  const auto bytes = fresh.bytes + fresh.messages.size() * bytes_beside_message;
  bytes_each_ = bytes / fresh.messages.size();
  bytes_ += bytes;
  fresh.first = taken_;
  fresh.next = taken_ = fresh.messages.back().offset() + 1;
  batches_.push_back({fresh.memory, fresh.messages, fresh.first, fresh.next, bytes});
  ++taken_in_lease_;
}

bool delivery_window::acknowledge(std::int64_t next) noexcept {
  next = std::min(next, taken_);
  if (next <= acknowledged_)
    return false;
  acknowledged_ = next;
  return true;
}

bool delivery_window::skip_to(std::int64_t offset) noexcept {
  if (acknowledged_ != taken_ || offset <= taken_)
    return false;
  acknowledged_ = taken_ = offset;
  return true;
}

void delivery_window::take_out_first(std::vector<memory_ptr>& to) {
  bytes_ -= batches_.front().bytes;
  to.push_back(std::move(batches_.front().memory));
  batches_.pop_front();
  // A new lease may not have taken the batch yet.
  taken_in_lease_ -= taken_in_lease_ == 0 ? 0 : 1;
}

std::vector<delivery_window::memory_ptr> delivery_window::take_out_done() {
  std::vector<memory_ptr> done;
  while (!batches_.empty() && batches_.front().next <= acknowledged_)
    take_out_first(done);
  return done;
}

std::vector<delivery_window::memory_ptr> delivery_window::take_out_all() {
  std::vector<memory_ptr> all;
  while (!batches_.empty())
    take_out_first(all);
  return all;
}

std::vector<delivery_window::memory_ptr> delivery_window::copy_what_stays() {
  using copying = delivered_batch::copying;
  std::vector<memory_ptr> originals;
  // Copying a full window in one call would double its memory until the originals are released.
  auto left = std::max<std::size_t>(share_.window(bytes_each_) / 8, 1);
  for (auto& one : batches_) {
    if (one.copy == copying::fresh) {
      one.copy = copying::seen;
    } else if (one.copy == copying::seen && left > 0) {
      left -= std::min(left, one.bytes);
      const auto copy = copied_batch::of(one.messages_from(acknowledged_));
      originals.push_back(std::exchange(one.memory, copy));
      one.messages = copy->messages();
      one.copy = copying::copied;
    }
  }
  return originals;
}

} // namespace ottla::kafka
