#include <ottla/kafka/internal/driver/librdkafka/spent_messages.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ottla::kafka {

spent_messages::~spent_messages() {
  free_all();
}

void spent_messages::add(std::vector<message> messages, std::size_t bytes,
                         std::thread::id fetched_by) {
  std::vector<batch> too_many;
  {
    const std::scoped_lock guard{lock_};
    messages_ += messages.size();
    bytes_ += bytes;
    waiting_.push_back({.for_whom = has_come_by(fetched_by) ? fetched_by : std::thread::id{},
                        .bytes = bytes,
                        .messages = std::move(messages)});
    if (messages_ > most_.messages || bytes_ > most_.bytes) {
      too_many.swap(waiting_);
      messages_ = bytes_ = 0;
    }
  }
  free(too_many);
}

void spent_messages::free_mine() {
  const auto me = std::this_thread::get_id();
  std::vector<batch> mine;
  {
    const std::scoped_lock guard{lock_};
    if (!has_come_by(me))
      come_by_.push_back(me);
    const auto first = std::partition(waiting_.begin(), waiting_.end(), [me](const batch& one) {
      return one.for_whom != me && one.for_whom != std::thread::id{};
    });
    mine.assign(std::move_iterator{first}, std::move_iterator{waiting_.end()});
    waiting_.erase(first, waiting_.end());
    for (const auto& one : mine) {
      messages_ -= one.messages.size();
      bytes_ -= one.bytes;
    }
  }
  free(mine);
}

void spent_messages::free_all() {
  std::vector<batch> all;
  {
    const std::scoped_lock guard{lock_};
    all.swap(waiting_);
    messages_ = bytes_ = 0;
  }
  free(all);
}

bool spent_messages::has_come_by(std::thread::id who) const noexcept {
  return std::ranges::find(come_by_, who) != come_by_.end();
}

void spent_messages::free(const std::vector<batch>& batches) const {
  for (const auto& one : batches)
    free_(one.messages);
}

} // namespace ottla::kafka
